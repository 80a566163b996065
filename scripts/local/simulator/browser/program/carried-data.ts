type Data = Readonly<Record<string, unknown>>;

/**
 * What of `data` a phone carries to the view. Undefined is skipped with a warning, in the phone's words, and the rest is
 * set: data goes from the logic thread to the view as JSON, which has no undefined (in a list it becomes null). Dates
 * pass: the phone copies them as dates within the logic.
 *
 * NaN and infinity, which the view gets as null, are warned of too, and so are functions, which stay within the logic: WeUI is handed
 * its search that way. What JSON would carry as something else, silently, is refused here: an instance, a loop.
 *
 * @throws TypeError naming the path and what is there
 */
export function carriedData(data: Data, name: string, warn: (text: string) => void): Data {
  const carried: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(data)) {
    if (value === undefined) warn(`${name}: Setting data field "${field}" to undefined is invalid.`);
    else carried[field] = carriedValue(value, { path: `${name}.${field}`, around: [data], warn });
  }
  return carried;
}

interface Place {
  readonly path: string;
  readonly around: readonly object[];
  readonly warn: (text: string) => void;
}

function carriedValue(value: unknown, place: Place): unknown {
  const refuse = (what: string): never => {
    throw new TypeError(`${place.path} ${what}: setData carries JSON only`);
  };
  if (typeof value === 'function') {
    place.warn(`${place.path} is a function, and the view does not get it.`);
    return value;
  }
  if (typeof value === 'symbol' || typeof value === 'bigint') return refuse(`is a ${typeof value}`);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) place.warn(`${place.path} is ${value}, and the view gets null.`);
    return value;
  }
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (place.around.includes(value)) return refuse('contains itself');
  if (Array.isArray(value)) return value.map((item, index) => carriedItem(item, inside(place, value, index)));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    return refuse(`is an instance of ${value.constructor.name}`);
  }
  const carried: Record<string, unknown> = {};
  for (const [field, item] of Object.entries(value)) {
    const at = inside(place, value, field);
    if (item === undefined) warnOfUndefined(at);
    else carried[field] = carriedValue(item, at);
  }
  return carried;
}

function carriedItem(item: unknown, at: Place): unknown {
  if (item !== undefined) return carriedValue(item, at);
  warnOfUndefined(at);
  return null;
}

function warnOfUndefined({ path, warn }: Place): void {
  warn(`${path} is undefined, and the view does not get it: use null, or leave it out.`);
}

function inside({ path, around, warn }: Place, value: object, key: string | number): Place {
  const step = typeof key === 'number' ? `[${key}]` : `.${key}`;
  return { path: `${path}${step}`, around: [...around, value], warn };
}
