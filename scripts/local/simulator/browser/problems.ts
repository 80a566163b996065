/** What went wrong while the mini-program ran: tests read it as `__sim.errors`, a person sees it in the console. */
export const errors: string[] = [];

/** What the framework finds odd, as an attribute that no element knows. */
export const warnings: string[] = [];

/** What the mini-program asked for and the simulator has not, each once: `<camera>`, `wx.createWorker`. */
export const missing: string[] = [];

type MissingListener = (name: string, usedBy: string | undefined) => void;

const missingListeners = new Set<MissingListener>();

export function reportError(where: string, error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : describe(error);
  errors.push(`${where}: ${text}`);
  console.error(`${where}:`, error);
}

export function reportWarning(text: string): void {
  warnings.push(text);
  console.warn(text);
}

/**
 * Names what the simulator has not, when the mini-program first comes to it.
 * @param usedBy the page or component whose template has it; of an API it is whatever page is shown
 */
export function reportMissing(name: string, usedBy?: string): void {
  if (missing.includes(name)) return;
  missing.push(name);
  console.warn(`the simulator has no ${name}`);
  for (const listener of missingListeners) listener(name, usedBy);
}

export function onMissing(listener: MissingListener): void {
  missingListeners.add(listener);
}

/** Collects what nobody caught, in handlers and in promises. */
export function collectUncaught(): void {
  window.addEventListener('error', ({ error, message }) => reportError('uncaught', error ?? message));
  window.addEventListener('unhandledrejection', ({ reason }) => reportError('unhandled rejection', reason));
}

function describe(error: unknown): string {
  return typeof error === 'object' ? JSON.stringify(error) : String(error);
}
