import { FUNCTIONS_DIRECTORY } from '../../scripts/build.ts';
import { startLocalWorld } from '../../scripts/local/local-world.ts';
import type { WorldMessage, WorldRequest } from './world-process.ts';

/** The world of `npm start` in a process of its own, with as many shoppers as asked for. Whoever started it may kill it. */
const { port, openids, dataDirectory, variables }: WorldRequest = JSON.parse(process.argv[2] ?? '{}');
const [first = 'oNobody', ...others] = openids;

// Whoever started this is gone, however it went.
process.on('disconnect', () => process.exit());
try {
  const world = await startLocalWorld({
    functionsDirectory: FUNCTIONS_DIRECTORY,
    project: '.',
    port,
    shoppers: [shopper(first), ...others.map(shopper)],
    onWarning: (message) => console.error('strict', message),
    variables,
    ...(dataDirectory === undefined ? {} : { dataDirectory }),
  });
  const { phone, console: page, gateway } = world;
  send({ kind: 'ready', phone: phone?.url ?? '', console: page.url, gateway: gateway.url });
} catch (error) {
  const isPortTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  send(isPortTaken ? { kind: 'port taken' } : { kind: 'failed', why: String(error) });
}

function shopper(openid: string) {
  return { openid, name: openid.slice(-4) };
}

function send(message: WorldMessage): void {
  process.send?.(message);
}
