/** Every page's: nothing but what it lists, no form that leaves, no other base. */
const POLICY = { 'default-src': "'none'", 'base-uri': "'none'", 'form-action': "'none'" };

/** The headers of a local page and of everything it loads. `policy` is what its Content-Security-Policy lets through. */
export function pageHeaders(policy: Readonly<Record<string, string>>): Record<string, string> {
  const directives = Object.entries({ ...POLICY, ...policy }).map(([name, sources]) => `${name} ${sources}`);
  return {
    'Content-Security-Policy': directives.join('; '),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
  };
}
