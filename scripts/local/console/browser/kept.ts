/** What somebody chose here, from an earlier visit; undefined where nothing is kept, as for a file in some browsers. */
export function readKept(name: string): string | undefined {
  try {
    return localStorage.getItem(name) ?? undefined;
  } catch {
    return undefined;
  }
}

export function keep(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Then it is chosen again at the next visit.
  }
}
