import { bytesOf, isEncoding, textOf } from '../files/encoding.ts';
import { FileProblem } from '../files/file-problem.ts';
import type { Entry, PhoneFiles } from '../files/phone-files.ts';
import { areaOf } from '../files/phone-path.ts';
import { fail, type Options, text } from './failure.ts';
import type { FileOperation } from './file-system-sync.ts';
import { onBoth, worded } from './file-words.ts';

/** What of the mini-program's own package is read: its pictures, fonts and sounds. */
export type ReadPackage = (path: string) => Uint8Array<ArrayBuffer> | undefined;

/** What a FileSystemManager does, by the names of its methods; each throws ApiFailure. */
export function fileOperations(files: PhoneFiles, readPackage: ReadPackage) {
  const inPackage = (path: string) => (areaOf(path) ? undefined : readPackage(path));
  const read = (path: string) => inPackage(path) ?? files.read(readable(path));
  return {
    access(options) {
      const path = text(options, 'path');
      return worded({ missing: `no such file or directory ${path}` }, path, () => {
        if (!inPackage(path)) files.entry(readable(path));
      });
    },
    readFile(options) {
      const path = text(options, 'filePath');
      const { encoding } = options;
      if (encoding !== undefined && encoding !== '' && !isEncoding(encoding))
        return fail(`invalid encoding ${encoding}`);
      return worded({}, path, () => {
        const part = partOf(read(path), options);
        return { data: isEncoding(encoding) ? textOf(part, encoding) : part.slice().buffer };
      });
    },
    writeFile(options) {
      const path = text(options, 'filePath');
      return worded({}, path, () => files.write(path, contentOf(options)));
    },
    appendFile(options) {
      const path = text(options, 'filePath');
      return worded({}, path, () => files.write(path, joined(files.read(path), contentOf(options))));
    },
    truncate(options) {
      const path = text(options, 'filePath');
      const length = Number(options.length ?? 0);
      return worded({}, path, () => {
        const cut = new Uint8Array(length);
        cut.set(files.read(path).subarray(0, length));
        files.write(path, cut);
      });
    },
    copyFile(options) {
      const [from, to] = [text(options, 'srcPath'), text(options, 'destPath')];
      const both = `copyFile ${from} -> ${to}`;
      return worded(onBoth(both), from, () => files.write(to, read(from).slice()));
    },
    rename(options) {
      const [from, to] = [text(options, 'oldPath'), text(options, 'newPath')];
      return worded(onBoth(`rename ${from} -> ${to}`), from, () => files.rename(from, to));
    },
    unlink(options) {
      const path = text(options, 'filePath');
      const words = {
        missing: `no such file or directory ${path}`,
        directory: `operation not permitted, unlink ${path}`,
      };
      return worded(words, path, () => files.removeFile(path));
    },
    mkdir(options) {
      const path = text(options, 'dirPath');
      return worded({ missing: `no such file or directory ${path}` }, path, () =>
        files.makeFolder(path, options.recursive === true),
      );
    },
    rmdir(options) {
      const path = text(options, 'dirPath');
      return worded({ missing: `no such file or directory ${path}` }, path, () =>
        files.removeFolder(path, options.recursive === true),
      );
    },
    readdir(options) {
      const path = text(options, 'dirPath');
      return worded({ missing: `no such file or directory ${path}` }, path, () => ({
        files: files.list(readable(path)),
      }));
    },
    stat(options) {
      const path = text(options, 'path');
      return worded({ missing: `no such file or directory ${path}` }, path, () => {
        const entry = files.entry(readable(path));
        if (options.recursive !== true || entry.bytes) return { stats: statsOf(entry) };
        const below = files.below(path).map((name) => [`/${name}`, files.entry(`${path}/${name}`)] as const);
        const all = [['/', entry] as const, ...below];
        return { stats: all.map(([name, each]) => ({ path: name, stats: statsOf(each) })) };
      });
    },
    saveFile(options) {
      const temporary = text(options, 'tempFilePath');
      if (!files.has(temporary)) return fail('tempFilePath file not exist');
      const { filePath } = options;
      const path = typeof filePath === 'string' && filePath !== '' ? filePath : undefined;
      return worded({}, path ?? temporary, () => ({ savedFilePath: files.save(temporary, path) }));
    },
    getFileInfo(options) {
      const path = text(options, 'filePath');
      return worded({ missing: 'file not exist', denied: 'file not exist' }, path, () => ({
        size: read(path).length,
      }));
    },
    getSavedFileList: () => ({
      fileList: files
        .saved()
        .map(([filePath, entry]) => ({ filePath, size: sizeOf(entry), createTime: seconds(entry) })),
    }),
    removeSavedFile(options) {
      const path = text(options, 'filePath');
      if (areaOf(path) !== 'saved') return fail('file not exist');
      return worded({ missing: 'file not exist' }, path, () => files.removeFile(path));
    },
  } satisfies Record<string, FileOperation>;
}

/** Files of the package are read by it; any other path that is none of the phone's does not exist. */
function readable(path: string): string {
  if (!areaOf(path)) throw new FileProblem('missing');
  return path;
}

function partOf(bytes: Uint8Array<ArrayBuffer>, { position, length }: Options): Uint8Array<ArrayBuffer> {
  if (position === undefined && length === undefined) return bytes;
  const from = Number(position ?? 0);
  const count = Number(length ?? bytes.length - from);
  if (!(from >= 0 && from <= bytes.length)) return fail('the value of "position" is out of range');
  if (!(count >= 0 && from + count <= bytes.length)) return fail('the value of "length" is out of range');
  return bytes.subarray(from, from + count);
}

function contentOf({ data, encoding }: Options): Uint8Array<ArrayBuffer> {
  if (typeof data === 'string') return bytesOf(data, isEncoding(encoding) ? encoding : 'utf8');
  if (data instanceof ArrayBuffer) return new Uint8Array(data.slice(0));
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  return fail('invalid data type: data should be a string or an ArrayBuffer');
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

function statsOf(entry: Entry) {
  return {
    mode: entry.bytes ? 0o100644 : 0o040755,
    size: sizeOf(entry),
    lastAccessedTime: seconds(entry),
    lastModifiedTime: seconds(entry),
    isDirectory: () => entry.bytes === undefined,
    isFile: () => entry.bytes !== undefined,
  };
}

export function sizeOf({ bytes }: Entry): number {
  return bytes?.length ?? 0;
}

/** As WeChat counts time. */
export function seconds({ modified }: Entry): number {
  return Math.floor(modified / 1000);
}
