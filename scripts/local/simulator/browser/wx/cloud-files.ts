import type { BackendError, FileAnswer } from '../../wire.ts';
import type { PhoneFiles } from '../files/phone-files.ts';
import { areaOf, extensionOf } from '../files/phone-path.ts';
import type { Server } from '../server.ts';
import { api } from './api.ts';
import { fail, type Options, text } from './failure.ts';
import type { ReadPackage } from './file-operations.ts';
import { type Progress, taskApi } from './task.ts';

/** Asks the cloud, which first has to be initialized and reached. */
export type Online = <Answer>(ask: () => Promise<Answer>) => Promise<Answer>;

/** What the platform writes before the message of an error about files. */
const DESCRIPTIONS: Readonly<Record<number, string>> = {
  [-501001]: 'resource system error',
  [-501007]: 'invalid parameters',
  [-503001]: 'storage request fail',
  [-503002]: 'storage permission denied',
  [-503003]: 'storage file not exists',
};

/** `wx.cloud.uploadFile` and its like. */
export function cloudFileApis({
  server,
  files,
  readPackage,
  online,
}: {
  server: Server;
  files: PhoneFiles;
  readPackage: ReadPackage;
  online: Online;
}) {
  const bytesAt = (path: string) => (areaOf(path) ? files.has(path) && files.read(path) : readPackage(path));
  return {
    uploadFile: taskApi(
      'cloud.uploadFile',
      { sent: 'totalBytesSent', expected: 'totalBytesExpectedToSend' },
      async (options, report) => {
        const cloudPath = text(options, 'cloudPath');
        const bytes = bytesAt(text(options, 'filePath'));
        if (!bytes) return fail('file not found', { errCode: -1 });
        const answer = await online(() => server.files.upload(cloudPath, bytes));
        if ('error' in answer) return refuse(answer.error);
        report(whole(bytes.length));
        return { fileID: answer.fileID, statusCode: 200 };
      },
    ),
    downloadFile: taskApi(
      'cloud.downloadFile',
      { sent: 'totalBytesWritten', expected: 'totalBytesExpectedToWrite' },
      async (options, report) => {
        const fileID = text(options, 'fileID');
        const bytes = await online(() => server.files.download(fileID));
        if (!bytes) return refuse({ code: 'STORAGE_FILE_NONEXIST', errCode: -503003, message: fileID });
        report(whole(bytes.length));
        return { tempFilePath: files.addTemporary(bytes, extensionOf(fileID)), statusCode: 200 };
      },
    ),
    getTempFileURL: api('cloud.getTempFileURL', async (options) => {
      const fileList = listOf(options).map(wanted);
      return outcomes(await online(() => server.files.urls(fileList)));
    }),
    deleteFile: api('cloud.deleteFile', async (options) => {
      const fileList = listOf(options).map((item) => wanted(item).fileID);
      return outcomes(await online(() => server.files.remove(fileList)));
    }),
  };
}

export function whole(bytes: number): Progress {
  return { progress: 100, sent: bytes, expected: bytes };
}

function listOf({ fileList }: Options): readonly unknown[] {
  if (Array.isArray(fileList)) return fileList;
  return fail('parameter error: parameter.fileList should be Array;', { errCode: -1 });
}

/** A file ID, or an object that also says for how long. */
function wanted(item: unknown): { readonly fileID: string; readonly maxAge?: number } {
  if (typeof item === 'string') return { fileID: item };
  const { fileID, maxAge } = Object(item);
  if (typeof fileID !== 'string')
    return fail('parameter error: fileList should have file IDs;', { errCode: -1 });
  return { fileID, ...(typeof maxAge === 'number' && { maxAge }) };
}

function outcomes(answer: FileAnswer): object {
  return 'error' in answer ? refuse(answer.error) : answer;
}

function refuse({ errCode, message }: BackendError): never {
  return fail(`Error: errCode: ${errCode} ${DESCRIPTIONS[errCode] ?? ''} | errMsg: ${message}`, { errCode });
}
