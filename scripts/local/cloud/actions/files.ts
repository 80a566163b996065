import * as v from 'valibot';
import { type Action, readParameters } from '../call.ts';
import { CloudError, notProvided } from '../errors.ts';
import { fileIdOf } from '../storage/cloud-path.ts';
import { FILES_PATH, urlOfFile } from '../storage/edge.ts';
import type { Storage } from '../storage/storage.ts';

/** Of one call. The platform answers more with INVALID_PARAM. */
const FILES_MAX = 50;
/** What a file URL of a function is good for, unless it says otherwise. Everybody reads here, so none ever ends. */
const MAX_AGE_SECONDS = 7200;

const upload = v.object({ path: v.string() });
const removal = v.object({ fileid_list: v.pipe(v.array(v.string()), v.maxLength(FILES_MAX)) });
const download = v.object({
  file_list: v.pipe(
    v.array(v.object({ fileid: v.string(), max_age: v.optional(v.number(), MAX_AGE_SECONDS) })),
    v.maxLength(FILES_MAX),
  ),
});

/** The actions on files, by their names on the wire. What is wrong with one file of several is said of that one. */
export function fileActions(storage: Storage, envId: string): Record<string, Action> {
  const origin = () => storage.origin ?? notServed();
  return {
    'storage.getUploadMetadata': (call) => {
      const { path } = readParameters(upload, call);
      storage.checkPath(path);
      const signature = storage.signatureOf(path);
      const url = urlOfFile(origin(), path);
      return {
        data: {
          ...{ url, token: 'local', authorization: signature, cosFileId: signature },
          ...{ fileId: fileIdOf(envId, path), download_url: url },
        },
      };
    },
    'storage.batchGetDownloadUrl': (call) => ({
      data: {
        download_list: readParameters(download, call).file_list.map(({ fileid, max_age }) => ({
          ...outcome(() => ({ tempFileURL: plainUrl(origin(), storage.find(fileid).path) }), {
            tempFileURL: '',
          }),
          ...{ fileID: fileid, maxAge: max_age },
        })),
      },
    }),
    'storage.batchDeleteFile': (call) => ({
      data: {
        delete_list: readParameters(removal, call).fileid_list.map((fileID) => ({
          ...outcome(() => {
            storage.remove(fileID, call.caller.openid);
            return {};
          }, {}),
          fileID,
        })),
      },
    }),
  };
}

/** As the platform has it: the SDK encodes it before it fetches. */
function plainUrl(origin: string, path: string): string {
  return `${origin}${FILES_PATH}${path}`;
}

function outcome(run: () => object, otherwise: object): object {
  try {
    return { code: 'SUCCESS', ...run() };
  } catch (error) {
    if (!(error instanceof CloudError) || !error.code.startsWith('STORAGE_')) throw error;
    return { code: error.code, ...otherwise };
  }
}

function notServed(): never {
  throw notProvided('files where no server of it listens');
}
