/**
 * On a phone, data goes from the logic thread to the view as JSON. What JSON cannot carry vanishes there or arrives as
 * something else, so here it is refused, with its path. Dates pass: the phone copies them as dates within the logic.
 *
 * @throws TypeError naming the path and what stands there
 */
export function assertCarriable(data: unknown, name: string): void {
  const problem = findUncarriable(data, name, []);
  if (problem) throw new TypeError(`${problem}: setData carries JSON only`);
}

function findUncarriable(value: unknown, path: string, around: readonly object[]): string | undefined {
  switch (typeof value) {
    case 'function':
    case 'symbol':
    case 'bigint':
      return `${path} is a ${typeof value}`;
    case 'undefined':
      return `${path} is undefined (use null, or leave it out)`;
    case 'number':
      return Number.isFinite(value) ? undefined : `${path} is ${value}`;
    case 'object':
      return value === null || value instanceof Date ? undefined : findInObject(value, path, around);
    default:
      return undefined;
  }
}

function findInObject(value: object, path: string, around: readonly object[]): string | undefined {
  if (around.includes(value)) return `${path} contains itself`;
  const isArray = Array.isArray(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!isArray && prototype !== Object.prototype && prototype !== null) {
    return `${path} is an instance of ${value.constructor.name}`;
  }
  for (const [key, item] of Object.entries(value)) {
    const problem = findUncarriable(item, isArray ? `${path}[${key}]` : `${path}.${key}`, [...around, value]);
    if (problem) return problem;
  }
  return undefined;
}
