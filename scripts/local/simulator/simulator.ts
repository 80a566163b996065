import { serve } from '@hono/node-server';
import { createApi, type OffsetClock } from './api.ts';
import type { SimulatorBackend } from './backend.ts';
import { bundleRuntime, type RuntimeBundle } from './bundle.ts';

export interface Simulator {
  /** Answers one request; for whoever has a server already. */
  handle(request: Request): Response | Promise<Response>;
  /** Listens on 127.0.0.1 (port 0: any free one) and answers the phone's address. */
  start(port: number): Promise<{ readonly url: string }>;
  /** Stops listening and drops open connections. */
  dispose(): Promise<void>;
}

/**
 * A phone in a browser that runs the mini-program of a project folder as it is: WXML, WXSS, WXS, TypeScript, JSON.
 * It is compiled at each load, so an edit shows on reload.
 *
 * @param options.project the folder with project.config.json; any native mini-program
 * @param options.backend what stands behind wx.cloud and wx.requestPayment
 * @param options.clock the world's clock; the page's Date runs by it
 */
export function createSimulator({
  project,
  backend,
  clock,
}: {
  project: string;
  backend: SimulatorBackend;
  clock: OffsetClock;
}): Simulator {
  let bundled: Promise<RuntimeBundle> | undefined;
  const bundle = () => {
    bundled ??= bundleRuntime();
    return bundled;
  };
  const api = createApi({ project, backend, clock, bundle });
  let server: ReturnType<typeof serve> | undefined;

  return {
    handle: (request) => api.fetch(request),
    async start(port) {
      const [{ port: chosen }] = await Promise.all([
        new Promise<{ port: number }>((resolve, reject) => {
          server = serve({ fetch: api.fetch, hostname: '127.0.0.1', port }, resolve);
          server.once('error', reject);
        }),
        bundle(),
      ]);
      return { url: `http://127.0.0.1:${chosen}/` };
    },
    async dispose() {
      const running = server;
      server = undefined;
      if (!running) return;
      await new Promise<void>((resolve) => {
        running.close(() => resolve());
        if ('closeAllConnections' in running) running.closeAllConnections();
      });
    },
  };
}
