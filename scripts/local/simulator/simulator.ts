import type { IncomingHttpHeaders } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { isJson, type OwnOrigins } from '../guard.ts';
import { LoopbackServer } from '../loopback.ts';
import { createApi, type OffsetClock } from './api.ts';
import { UPLOAD_PATH, UPLOAD_TYPE } from './api-files.ts';
import type { SimulatorBackend } from './backend.ts';
import { bundleRuntime, type RuntimeBundle } from './bundle.ts';
import { PhoneNetwork } from './phone-network.ts';
import { SourceWatch } from './source-watch.ts';

export interface Simulator {
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
 * @param options.backend what is behind wx.cloud and wx.requestPayment
 * @param options.clock the world's clock; the page's Date runs by it
 * @param options.framedBy the origins of who may show the phone in a frame; nobody unless said
 * @param options.origins of the world's servers
 * @param options.network that every phone is on; a good one unless said
 * @param options.onMissing called once with each element or API that a page asks for and the phone has not: `<camera>`, `wx.createWorker`
 */
export function createSimulator({
  project,
  backend,
  clock,
  framedBy = () => [],
  origins,
  network = new PhoneNetwork(),
  onMissing = () => {},
}: {
  project: string;
  backend: SimulatorBackend;
  clock: OffsetClock;
  framedBy?: () => readonly string[];
  origins?: OwnOrigins;
  network?: PhoneNetwork;
  onMissing?: (name: string, usedBy: string) => void;
}): Simulator {
  let bundled: Promise<RuntimeBundle> | undefined;
  // Bundled when somebody looks, as the console is.
  const bundle = () => {
    bundled ??= bundleRuntime();
    return bundled;
  };
  const api = createApi({
    project,
    backend,
    clock,
    bundle,
    framedBy,
    network,
    onMissing,
    source: new SourceWatch(project),
  });
  const guard = { name: 'The simulator', takes: isPhoneContent, ...(origins && { origins }) };
  const server = new LoopbackServer(getRequestListener(api.fetch), guard);

  return {
    async start(port) {
      await server.open(port);
      return { url: `${server.url}/` };
    },
    dispose: () => server.close(),
  };
}

function isPhoneContent(headers: IncomingHttpHeaders, url: string): boolean {
  return url.startsWith(UPLOAD_PATH) ? headers['content-type'] === UPLOAD_TYPE : isJson(headers);
}
