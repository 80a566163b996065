import { reportError } from '../problems.ts';

/** What App() was given, and the calls of its life. */
export interface AppHolder {
  readonly App: (definition: Record<string, unknown>) => void;
  readonly getApp: () => unknown;
  call(method: string, ...values: unknown[]): void;
}

export function createAppHolder(): AppHolder {
  let app: Record<string, unknown> | undefined;
  return {
    App(definition) {
      app = definition;
    },
    getApp: () => app,
    call(method, ...values) {
      const run = app?.[method];
      if (typeof run !== 'function') return;
      try {
        run.apply(app, values);
      } catch (error) {
        reportError(`App ${method}`, error);
      }
    },
  };
}
