import { sdkEnvironment } from '../local/cloud/server.ts';
import { ENV_ID } from '../local/local-world.ts';
import type { Call } from './shop.ts';

/** The place of the local cloud in a local world's row of ports. */
const CLOUD_PLACE = 2;

/** The function of a local world, by the unmodified SDK: nothing of it leaves this machine. */
export async function connectLocal(port: number): Promise<Call> {
  const variables = {
    ...sdkEnvironment(`http://127.0.0.1:${port + CLOUD_PLACE}/admin`, ENV_ID),
    TCB_ENV: ENV_ID,
  };
  Object.assign(process.env, variables);
  const { default: cloud } = await import('wx-server-sdk');
  cloud.init({ env: ENV_ID });
  return async (event) => {
    const answer = await cloud.callFunction({ name: 'operateShop', data: event });
    return typeof answer === 'object' ? answer.result : undefined;
  };
}
