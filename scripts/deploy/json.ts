/** One spelling for a JSON object, whatever spaces and order a console gave it; other text as it is. */
export function canonical(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return text;
    return JSON.stringify(Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))));
  } catch {
    return text;
  }
}
