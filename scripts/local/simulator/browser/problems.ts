/** What went wrong while the mini-program ran: tests read it as `__sim.errors`, a person sees it in the console. */
export const errors: string[] = [];

/** What the framework finds odd, as an attribute that no element knows. */
export const warnings: string[] = [];

export function reportError(where: string, error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : describe(error);
  errors.push(`${where}: ${text}`);
  console.error(`${where}:`, error);
}

export function reportWarning(text: string): void {
  warnings.push(text);
  console.warn(text);
}

/** Collects what nobody caught, in handlers and in promises. */
export function collectUncaught(): void {
  window.addEventListener('error', ({ error, message }) => reportError('uncaught', error ?? message));
  window.addEventListener('unhandledrejection', ({ reason }) => reportError('unhandled rejection', reason));
}

function describe(error: unknown): string {
  return typeof error === 'object' ? JSON.stringify(error) : String(error);
}
