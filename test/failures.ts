/** What could explain the failure of a test that runs now. */
const explanations = new Set<() => void>();

/**
 * Has something written when a test fails, until the answer is called: what a world was like, a screen showed. A hook of a test file
 * would not do for a helper, whose module is loaded once for all files of a process.
 */
export function explainFailures(explain: () => void): () => void {
  explanations.add(explain);
  return () => explanations.delete(explain);
}

export function explainFailure(): void {
  for (const explain of explanations) explain();
}
