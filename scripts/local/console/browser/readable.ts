import { parsed } from './story/fields.ts';

/** A payload as people write it: JSON inside of text is opened, and the wire's typed numbers and dates are plain again. */
export function readable(value: unknown): unknown {
  if (typeof value === 'string') {
    const inner = /^[[{]/.test(value) ? parsed(value) : undefined;
    return inner === undefined ? value : readable(inner);
  }
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value);
  const [first] = fields;
  if (first && fields.length === 1) {
    const plain = typedValue(first[0], first[1]);
    if (plain !== undefined) return plain;
  }
  return Object.fromEntries(fields.map(([name, field]) => [name, readable(field)]));
}

/** Extended JSON of one value: {"$numberInt": "3"}, {"$date": {"$numberLong": "1795441034107"}}. */
function typedValue(type: string, value: unknown): unknown {
  if (type === '$numberInt' || type === '$numberLong' || type === '$numberDouble') return Number(value);
  if (type !== '$date') return undefined;
  const moment = new Date(Number(readable(value)));
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}
