import { createRequire } from 'node:module';
import { loadSdk, type SdkDatabase } from '../../cloudfunctions/_shared/cloud/database/sdk.ts';

/** Carries one call of the SDK's database, and gives the answer or throws what a broken connection throws. */
export type Send = (action: string, parameters: object) => Promise<object>;

/** Opens a database of wx-server-sdk whose calls go to `send`. */
export type OpenDatabase = (send: Send) => SdkDatabase;

const sends = new WeakMap<object, Send>();

/** What the SDK makes for every query, in place of the class that speaks HTTP. */
class Request {
  readonly #send: Send;

  constructor(config: object) {
    const send = sends.get(config);
    if (!send) throw new Error('A database of the SDK that the simulation did not open.');
    this.#send = send;
  }

  send(action: string, parameters: object = {}): Promise<object> {
    return this.#send(action, parameters);
  }
}

/**
 * The unmodified wx-server-sdk, with its serializer and its error mapping and without sockets. Each database that is
 * opened has a way out of its own, so that it is known whose call is whose.
 */
export async function openSdk(): Promise<OpenDatabase> {
  Object.assign(process.env, {
    TENCENTCLOUD_RUNENV: 'SCF',
    SCF_NAMESPACE: 'simulation',
    TENCENTCLOUD_REGION: 'local',
  });
  Object.assign(process.env, { TENCENTCLOUD_SECRETID: 'local', TENCENTCLOUD_SECRETKEY: 'local' });
  const sdk = await loadSdk();
  const require = createRequire(import.meta.url);
  const { Db } = createRequire(require.resolve('@cloudbase/node-sdk'))('@cloudbase/database');
  return (send) => {
    const database = sdk.database();
    // Opening it set the class that speaks HTTP; every query takes the class that is set then.
    Db.reqClass = Request;
    const config: unknown = Reflect.get(Object(Reflect.get(database, '_db')), 'config');
    if (typeof config !== 'object' || config === null)
      throw new Error('wx-server-sdk keeps its database elsewhere now.');
    sends.set(config, send);
    return database;
  };
}
