/** What an API refuses: a phone's callbacks and promises get its fields, not the error. */
export class ApiFailure extends Error {
  readonly fields: Readonly<Record<string, unknown>>;
  constructor(reason: string, fields: Readonly<Record<string, unknown>> = {}) {
    super(reason);
    this.fields = fields;
  }
}

/** Ends an API with `errMsg: '<name>:fail <reason>'`. */
export function fail(reason: string, fields?: Readonly<Record<string, unknown>>): never {
  throw new ApiFailure(reason, fields);
}

export type Options = Readonly<Record<string, unknown>>;

/** An option that must be text; the words are the phone's. */
export function text(options: Options, name: string): string {
  const value = options[name];
  if (typeof value === 'string') return value;
  return fail(`parameter error: parameter.${name} should be String instead of ${typeName(value)};`);
}

export function optionalText(options: Options, name: string, otherwise = ''): string {
  return options[name] === undefined || options[name] === null ? otherwise : text(options, name);
}

function typeName(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}
