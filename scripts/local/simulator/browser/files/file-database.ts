import { reportError } from '../problems.ts';
import type { Entry, FileSaver } from './phone-files.ts';

const DATABASE = 'phone-files';
const STORE = 'files';

/** What of a phone's files outlives the mini-program, in the browser's own database, for each shopper apart. */
export interface FileDatabase extends FileSaver {
  readonly entries: readonly (readonly [string, Entry])[];
}

/**
 * Nothing is opened before the first file: `localStorage` says whether there is one, and a mini-program without files
 * starts without waiting.
 */
export async function openFileDatabase({
  appid,
  openid,
}: {
  appid: string;
  openid: string;
}): Promise<FileDatabase> {
  const prefix = `${appid}:${openid}:`;
  const mark = `sim-files:${prefix}`;
  let opened: Promise<IDBDatabase> | undefined;
  const store = async () => {
    opened ??= openDatabase();
    return (await opened).transaction(STORE, 'readwrite').objectStore(STORE);
  };
  const write = (change: (store: IDBObjectStore) => IDBRequest) => {
    localStorage.setItem(mark, '1');
    void store()
      .then((files) => settled(change(files)))
      .catch((error: unknown) => reportError('phone files', error));
  };
  const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
  return {
    entries: localStorage.getItem(mark) === null ? [] : await readAll(await store(), range, prefix),
    save: (path, entry) => write((files) => files.put(entry, prefix + path)),
    remove: (path) => write((files) => files.delete(prefix + path)),
  };
}

async function readAll(
  store: IDBObjectStore,
  range: IDBKeyRange,
  prefix: string,
): Promise<readonly (readonly [string, Entry])[]> {
  const [keys, entries] = await Promise.all([
    settled(store.getAllKeys(range)),
    settled<Entry[]>(store.getAll(range)),
  ]);
  return keys.flatMap((key, at) => {
    const entry = entries[at];
    return entry ? [[String(key).slice(prefix.length), entry] as const] : [];
  });
}

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return settled(request);
}

function settled<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
