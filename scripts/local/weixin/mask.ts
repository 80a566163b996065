/** What opens something: of these only the name is shown. */
const SECRETS: readonly string[] = [
  'secret',
  'js_code',
  'session_key',
  'access_token',
  'pay_sig',
  'paySig',
  'signature',
];

/** A copy to be shown, with what could be used made unreadable. Secrets are at the top level of every message here. */
export function mask(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, SECRETS.includes(name) && value ? '••••••' : value]),
  );
}
