export const MASK = '••••••';

/** Fields that nobody needs to see; the names are WeChat's. */
const SECRET_FIELDS: readonly string[] = [
  'sign',
  'paySign',
  'api_key',
  'wxCloudApiToken',
  'paySig',
  'signature',
  'session_key',
  'access_token',
];

const FIELDS = SECRET_FIELDS.join('|');
/**
 * The same fields where a payload holds XML or JSON as text: the body of a notice, a document on the wire. Up to where
 * the value ends, or the text, which may have been cut.
 */
const IN_XML = new RegExp(`<(${FIELDS})>(?:(?!</\\1>)[^])*`, 'g');
const IN_JSON = new RegExp(`(\\\\*")(${FIELDS})\\1\\s*:\\s*\\1(?:(?!\\1)[^])*`, 'g');

/** Deeper than any message of the wire; what lies below is not shown. */
const DEPTH_MAX = 12;

/**
 * A copy to be shown. The trace's recorders mask what they know of; this is the second line, for what they pass on as
 * they found it: the body of an HTTP request, the answer of a function.
 *
 * @param secrets values that are masked in whatever field they are
 */
export function masked(value: unknown, secrets: readonly string[], depth = 0): unknown {
  if (typeof value === 'string') return maskedText(value, secrets);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth === DEPTH_MAX) return '…';
  if (Array.isArray(value)) return value.map((item) => masked(item, secrets, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      SECRET_FIELDS.includes(name) && field ? MASK : masked(field, secrets, depth + 1),
    ]),
  );
}

function maskedText(text: string, secrets: readonly string[]): string {
  const plain = text.replace(IN_XML, `<$1>${MASK}`).replace(IN_JSON, `$1$2$1:$1${MASK}`);
  return secrets.reduce((shown, secret) => (secret ? shown.replaceAll(secret, MASK) : shown), plain);
}
