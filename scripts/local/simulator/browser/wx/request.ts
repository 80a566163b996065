import { isCloudFile } from '../asset-url.ts';
import type { PhoneFiles } from '../files/phone-files.ts';
import { extensionOf } from '../files/phone-path.ts';
import type { Network } from '../network.ts';
import type { Server } from '../server.ts';
import { answered } from './api.ts';
import { whole } from './cloud-files.ts';
import { fail, type Options, text } from './failure.ts';
import { worded } from './file-words.ts';
import { taskApi } from './task.ts';

const DOWN = { sent: 'totalBytesWritten', expected: 'totalBytesExpectedToWrite' };
const UP = { sent: 'totalBytesSent', expected: 'totalBytesExpectedToSend' };

/**
 * Requests of a mini-program to hosts of its own. Nothing leaves this machine, so every host is one that is not in the list
 * of the mini-program's domains, and is refused in WeChat's words; addresses of the cloud's files are the exception.
 */
export function requestApis({
  server,
  network,
  files,
}: {
  server: Server;
  network: Network;
  files: PhoneFiles;
}) {
  const refuse = (options: Options) => {
    text(options, 'url');
    return fail('url not in domain list', { errno: 600002 });
  };
  return {
    request: taskApi('request', DOWN, async (options) => refuse(options)),
    uploadFile: taskApi('uploadFile', UP, async (options) => refuse(options)),
    downloadFile: taskApi('downloadFile', DOWN, async (options, report) => {
      const url = text(options, 'url');
      if (!isCloudFile(url) || url.startsWith('cloud:')) return refuse(options);
      if (!network.isConnected()) return fail('network error');
      const bytes = await answered(() => server.files.download(url));
      if (!bytes) return { statusCode: 404, tempFilePath: '', header: {} };
      report(whole(bytes.length));
      const { filePath } = options;
      const temporary = files.addTemporary(bytes, extensionOf(url.replace(/[?#].*/s, '')));
      if (typeof filePath !== 'string') return { statusCode: 200, tempFilePath: temporary, header: {} };
      return worded({}, filePath, () => ({
        ...{ statusCode: 200, filePath: files.save(temporary, filePath), header: {} },
      }));
    }),
  };
}
