import * as v from 'valibot';
import { DeployError } from '../deploy/errors.ts';
import { printable } from '../deploy/print.ts';
import { sdkEnvironment } from '../local/cloud/server.ts';
import { ENV_ID } from '../local/local-world.ts';
import type { OpsMachine } from './machine.ts';
import type { Call } from './shop.ts';

/** It is on this machine, and answers at once. */
const ANSWER_TIMEOUT_MS = 5000;

/** Nothing of a command leaves this machine, whoever answers at the port that was named. */
const Addresses = v.object({
  cloud: v.pipe(
    v.string(),
    v.url(),
    v.check((url) => new URL(url).hostname === '127.0.0.1'),
  ),
});
/** What the SDK throws, as far as it says something. */
const Failure = v.object({ errCode: v.optional(v.unknown()), message: v.string() });

/**
 * The function of a local world, by the unmodified SDK: nothing of it leaves this machine. The world's console says where its
 * cloud listens, since its ports are in a row only where those were free.
 * @param port of the console
 * @throws DeployError NO_LOCAL_WORLD where no console of a local world answers; LOCAL_WORLD_FAILED from the call
 */
export async function connectLocal(port: number, { fetch }: Pick<OpsMachine, 'fetch'>): Promise<Call> {
  const url = await cloudOf(port, fetch);
  Object.assign(process.env, sdkEnvironment(url, ENV_ID), { TCB_ENV: ENV_ID });
  const { default: cloud } = await import('wx-server-sdk');
  cloud.init({ env: ENV_ID });
  return async (event) => {
    try {
      const answer = await cloud.callFunction({ name: 'operateShop', data: event });
      return typeof answer === 'object' ? answer.result : undefined;
    } catch (error) {
      throw failedBecause(error, port);
    }
  };
}

async function cloudOf(port: number, fetch: OpsMachine['fetch']): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/api/addresses`, {
    redirect: 'manual',
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  }).catch((cause: unknown) => {
    throw noWorld(`Nobody listens on port ${port} of this machine`, cause);
  });
  const addresses = v.safeParse(Addresses, await response.json().catch(() => undefined));
  if (addresses.success) return addresses.output.cloud;
  throw noWorld(`What listens on port ${port} is no console of a local world`);
}

function noWorld(message: string, cause?: unknown): DeployError {
  return new DeployError('NO_LOCAL_WORLD', message, {
    wayOut: 'Run npm start, and give --local the port of the address that it prints: the console’s',
    cause,
  });
}

/** Such as a world that runs another project, which has no operateShop. */
function failedBecause(error: unknown, port: number): DeployError {
  const read = v.safeParse(Failure, error);
  const message = printable(read.success ? read.output.message : String(error));
  return new DeployError('LOCAL_WORLD_FAILED', `operateShop of the local world: ${message}`, {
    wayOut: `See the logs (日志) of the function in the console, http://127.0.0.1:${port}`,
    cause: error,
  });
}
