const SECRETS: readonly string[] = ['sign', 'paySign', 'api_key'];

/** A copy to be shown, with what could be used for a payment made unreadable. */
export function mask(fields: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, SECRETS.includes(name) && value ? '••••••' : value]),
  );
}
