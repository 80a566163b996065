import type { WorldClock } from './clock.ts';
import type { When } from './faults.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** Sent in the place of `body`, where the answer is a file. */
  readonly file?: Buffer;
  /** Where a redirect leads. */
  readonly location?: string;
}

/** Something to do at a point of a call's work, for example to kill who asked. */
export interface Hook {
  readonly when: When;
  readonly path?: string;
  run(call: HookedCall): unknown;
}

interface HookedCall {
  readonly path: string;
  readonly out_trade_no: string | undefined;
}

/** The hooks of a server. */
export class Hooks {
  readonly #hooks = new Set<Hook>();

  /** Adds one; the answer takes it back. */
  add(hook: Hook): () => void {
    const own = { ...hook, run: hook.run.bind(hook) };
    this.#hooks.add(own);
    return () => this.#hooks.delete(own);
  }

  async run(when: When, call: HookedCall): Promise<void> {
    for (const hook of this.#hooks) {
      if (hook.when === when && (hook.path ?? call.path) === call.path) await hook.run(call);
    }
  }
}

/** The caller receives nothing more: the server breaks the connection. */
export class BrokenConnection extends Error {
  override readonly name = 'BrokenConnection';
}

/** Resolves when so much of the world's time has passed. */
export function passed(clock: WorldClock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.schedule(new Date(clock.now().getTime() + ms), () => resolve());
  });
}
