/**
 * JSON that keeps dates, regular expressions and the database's moments, for both sides of the wire: each becomes an
 * object with one `$sim…` key. An object whose own key begins with `$sim` is refused rather than misread.
 */
export function encode(value: unknown): unknown {
  if (value instanceof Date) return { $simDate: value.getTime() };
  if (value instanceof RegExp) return { $simRegExp: [value.source, value.flags] };
  if (Array.isArray(value)) return value.map((item) => encode(item) ?? null);
  if (typeof value !== 'object' || value === null) return value;
  const encoded: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    if (key.startsWith('$sim')) throw new TypeError(`the key ${key} is kept for the simulator's own use`);
    encoded[key] = encode(item);
  }
  return encoded;
}

/** The opposite of `encode`. */
export function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode);
  if (typeof value !== 'object' || value === null) return value;
  if ('$simDate' in value && typeof value.$simDate === 'number') return new Date(value.$simDate);
  if ('$simRegExp' in value && Array.isArray(value.$simRegExp)) {
    const [source, flags] = value.$simRegExp;
    return new RegExp(String(source), String(flags));
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decode(item)]));
}
