import type { DatabaseRequest } from '../../wire.ts';
import type { PhoneFiles } from '../files/phone-files.ts';
import type { Network } from '../network.ts';
import { NoAnswer, type Server } from '../server.ts';
import { api } from './api.ts';
import { cloudFileApis } from './cloud-files.ts';
import { createDatabase } from './database/database.ts';
import { wordsOf } from './database/documents.ts';
import { createWatches } from './database/watches.ts';
import { fail, text } from './failure.ts';
import type { ReadPackage } from './file-operations.ts';
import { refuseUnknown } from './refuse-unknown.ts';

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  [-501000]: '',
  [-504002]: ' functions execute fail',
  [-504003]: ' functions execute fail',
};

/** `wx.cloud`: functions, files, the database. A lost answer is a network failure. */
export function createCloud({
  server,
  network,
  files,
  readPackage,
}: {
  server: Server;
  network: Network;
  files: PhoneFiles;
  readPackage: ReadPackage;
}): object {
  let requests = 0;
  let initialized = false;
  const online = async <Answer>(ask: () => Promise<Answer>): Promise<Answer> => {
    if (!initialized) fail('Cloud API isn’t enabled, please call wx.cloud.init first', { errCode: -1 });
    if (!network.isConnected()) fail('request:fail net::ERR_INTERNET_DISCONNECTED', { errCode: -1 });
    try {
      return await ask();
    } catch (error) {
      if (error instanceof NoAnswer) return fail('request:fail net::ERR_CONNECTION_RESET', { errCode: -1 });
      throw error;
    }
  };
  const ask = (request: DatabaseRequest) => online(() => server.database(request));
  const watches = createWatches({
    ...{ listen: server.watch, network },
    describe: (error) => ({ errCode: error.errCode, errMsg: `collection.watch:fail ${wordsOf(error)}` }),
  });
  return refuseUnknown('wx.cloud', {
    init() {
      initialized = true;
    },
    callFunction: api('cloud.callFunction', async (options) => {
      const name = text(options, 'name');
      const answer = await online(() => server.callFunction(name, options.data ?? {}));
      if (!('error' in answer)) return { result: answer.result, requestID: `simulated-${++requests}` };
      const { errCode, message } = answer.error;
      return fail(`Error: errCode: ${errCode}${DESCRIPTIONS[errCode] ?? ''} | errMsg: ${message}`, {
        errCode,
      });
    }),
    ...cloudFileApis({ server, files, readPackage, online }),
    database: () => createDatabase({ ask, watches }),
  });
}
