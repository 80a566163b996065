import type { Cloud } from './cloud/cloud.ts';
import { CloudError } from './cloud/errors.ts';
import { contentTypeOf } from './cloud/storage/content-type.ts';
import { FILES_PATH } from './cloud/storage/edge.ts';
import type { FileBackend } from './simulator/backend.ts';
import type { BackendError, FileOutcome } from './simulator/wire.ts';

/** The numbers under which a mini-program sees refusals about files, and what the platform calls them. */
const ERR_CODES: Readonly<Record<string, readonly [errCode: number, words: string]>> = {
  INVALID_PARAM: [-501007, 'invalid parameters'],
  STORAGE_REQUEST_FAIL: [-503001, 'storage request fail'],
  STORAGE_EXCEED_AUTHORITY: [-503002, 'storage permission denied'],
  STORAGE_FILE_NONEXIST: [-503003, 'storage file not exists'],
};
const SYSTEM_ERROR = [-501001, 'resource system error'] as const;

interface Item {
  readonly code: string;
  readonly fileID: string;
  readonly tempFileURL?: string;
  readonly maxAge?: number;
}

/** What is behind the files of `wx.cloud`: the local cloud's storage, for one shopper at a time. */
export function filesOf(cloud: Cloud): FileBackend {
  return {
    async upload(cloudPath, content, { openid }) {
      const answer = await cloud.clientUpload(cloudPath, Buffer.from(content), openid);
      if ('code' in answer) return { error: refusalOf(answer) };
      const { data } = answer as { data: { fileID: string } };
      return { fileID: data.fileID };
    },
    async urls(fileList, { openid }) {
      const file_list = fileList.map(({ fileID, maxAge }) => ({
        fileid: fileID,
        ...(maxAge !== undefined && { max_age: maxAge }),
      }));
      const answer = await cloud.clientFiles({ action: 'storage.batchGetDownloadUrl', file_list }, openid);
      return outcomesOf(answer, 'download_list');
    },
    async remove(fileList, { openid }) {
      const call = { action: 'storage.batchDeleteFile', fileid_list: fileList };
      return outcomesOf(await cloud.clientFiles(call, openid), 'delete_list');
    },
    async read(address) {
      try {
        const file = address.startsWith('cloud://')
          ? cloud.storage.find(address)
          : cloud.storage.at(pathInUrl(address));
        return file && { content: await cloud.storage.read(file), type: contentTypeOf(file.path) };
      } catch (error) {
        if (error instanceof CloudError) return undefined;
        throw error;
      }
    },
  };
}

function outcomesOf(
  answer: object,
  list: string,
): { fileList: readonly FileOutcome[] } | { error: BackendError } {
  if ('code' in answer) return { error: refusalOf(answer) };
  const { data } = answer as { data: Readonly<Record<string, readonly Item[]>> };
  return {
    fileList: (data[list] ?? []).map(({ code, ...item }) => {
      if (code === 'SUCCESS') return { ...item, status: 0, errMsg: 'ok' };
      const [status, errMsg] = ERR_CODES[code] ?? SYSTEM_ERROR;
      return { ...item, status, errMsg };
    }),
  };
}

function refusalOf(answer: object): BackendError {
  const { code, message } = answer as { code: string; message: string };
  const [errCode] = ERR_CODES[code] ?? SYSTEM_ERROR;
  return { code, message, errCode };
}

/** An address that `getTempFileURL` gave out, also before a restart on other ports. */
function pathInUrl(address: string): string {
  const at = address.indexOf(FILES_PATH);
  try {
    return at === -1 ? '' : decodeURIComponent(address.slice(at + FILES_PATH.length).replace(/[?#].*/s, ''));
  } catch {
    return '';
  }
}
