import { beforeEach, describe, expect, test } from 'vitest';
import { type Entry, PhoneFiles } from '../../../scripts/local/simulator/browser/files/phone-files.ts';
import { ApiFailure } from '../../../scripts/local/simulator/browser/wx/failure.ts';
import { fileOperations } from '../../../scripts/local/simulator/browser/wx/file-operations.ts';
import {
  type FileOperation,
  synchronous,
} from '../../../scripts/local/simulator/browser/wx/file-system-sync.ts';

const USR = 'wxfile://usr';
const NOW = 1_800_000_000_500;

let saved: Map<string, Entry>;
let files: PhoneFiles;
let operations: Readonly<Record<string, FileOperation>>;
let manager: Readonly<Record<string, (...values: readonly unknown[]) => unknown>>;

function open(maxima?: { kept: number; temporary: number }): void {
  files = new PhoneFiles({
    now: () => NOW,
    saver: {
      save: (path, entry) => void saved.set(path, entry),
      remove: (path) => void saved.delete(path),
    },
    entries: saved,
    ...(maxima && { maxima }),
  });
  const readPackage = (path: string) => (path === '/images/dot.png' ? new Uint8Array([1, 2, 3]) : undefined);
  operations = fileOperations(files, readPackage);
  manager = Object(synchronous(operations));
}

beforeEach(() => {
  saved = new Map();
  open();
});

/** As `api` words what an operation answers, or throws. */
async function run(name: string, options: object): Promise<unknown> {
  try {
    return { errMsg: `${name}:ok`, ...Object(operations[name]?.({ ...options })) };
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    return { errMsg: `${name}:fail ${error.message}`, ...error.fields };
  }
}
const write = (path: string, data: unknown = 'text') =>
  run('writeFile', { filePath: `${USR}/${path}`, data });

describe('reading and writing', () => {
  test.each([
    ['utf8', '文本 a', '文本 a'],
    ['base64', 'AAH/', 'AAH/'],
    ['hex', '0001ff', '0001ff'],
    ['latin1', 'caf\xe9', 'caf\xe9'],
    ['utf16le', '文本', '文本'],
  ])('%s comes back as it was written', async (encoding, data, back) => {
    const filePath = `${USR}/a`;
    expect(await run('writeFile', { filePath, data, encoding })).toEqual({ errMsg: 'writeFile:ok' });
    expect(await run('readFile', { filePath, encoding })).toEqual({ errMsg: 'readFile:ok', data: back });
    expect(manager.readFileSync?.(filePath, encoding)).toBe(back);
  });

  test('without an encoding it is bytes, and a copy of them', async () => {
    const bytes = new Uint8Array([0, 255, 7]);
    await write('a', bytes.buffer);
    bytes[0] = 9;
    const read = manager.readFileSync?.(`${USR}/a`);
    expect(new Uint8Array(read instanceof ArrayBuffer ? read : [])).toEqual(new Uint8Array([0, 255, 7]));
    expect(
      await run('readFile', { filePath: `${USR}/a`, position: 1, length: 1, encoding: 'hex' }),
    ).toMatchObject({ data: 'ff' });
    await run('appendFile', { filePath: `${USR}/a`, data: 'A' });
    expect(manager.readFileSync?.(`${USR}/a`, 'hex')).toBe('00ff0741');
  });

  test('the mini-program’s own pictures are read, and nobody writes them', async () => {
    expect(manager.readFileSync?.('/images/dot.png', 'hex')).toBe('010203');
    expect(await run('access', { path: '/images/dot.png' })).toEqual({ errMsg: 'access:ok' });
    expect(await run('writeFile', { filePath: '/images/dot.png', data: '' })).toMatchObject({
      errMsg: 'writeFile:fail permission denied, open /images/dot.png',
    });
  });

  test('what was written is there when the mini-program starts again, temporary files are not', async () => {
    await write('a');
    await run('mkdir', { dirPath: `${USR}/b/c`, recursive: true });
    const temporary = files.addTemporary(new Uint8Array(3), '.png');
    open();
    expect(manager.readdirSync?.(USR)).toEqual(['a', 'b']);
    expect(files.has(temporary)).toBe(false);
  });
});

describe('folders', () => {
  test('are made, listed, moved and removed', async () => {
    await run('mkdir', { dirPath: `${USR}/a/b`, recursive: true });
    await write('a/b/c', '123');
    await run('rename', { oldPath: `${USR}/a`, newPath: `${USR}/d` });
    expect(manager.readdirSync?.(`${USR}/d`)).toEqual(['b']);
    expect(await run('stat', { path: `${USR}/d`, recursive: true })).toMatchObject({
      stats: [
        { path: '/' },
        { path: '/b' },
        { path: '/b/c', stats: { size: 3, lastModifiedTime: 1_800_000_000 } },
      ],
    });
    expect(Object(manager.statSync?.(`${USR}/d/b`)).isDirectory()).toBe(true);
    await run('rmdir', { dirPath: `${USR}/d`, recursive: true });
    expect(manager.readdirSync?.(USR)).toEqual([]);
    expect([...saved.keys()]).toEqual([]);
  });
});

test.each<[name: string, options: object, errMsg: string, errno: number]>([
  ['readFile', { filePath: `${USR}/x` }, `no such file or directory, open ${USR}/x`, 1300002],
  ['readFile', { filePath: `${USR}/dir` }, `illegal operation on a directory, open ${USR}/dir`, 1301003],
  ['access', { path: `${USR}/x` }, `no such file or directory ${USR}/x`, 1300002],
  ['writeFile', { filePath: `${USR}/x/y`, data: '' }, `no such file or directory, open ${USR}/x/y`, 1300002],
  ['writeFile', { filePath: `${USR}/../x`, data: '' }, `permission denied, open ${USR}/../x`, 1300013],
  [
    'writeFile',
    { filePath: `${USR}/dir/../../../x`, data: '' },
    `permission denied, open ${USR}/dir/../../../x`,
    1300013,
  ],
  [
    'writeFile',
    { filePath: 'wxfile://tmp_1.png', data: '' },
    'permission denied, open wxfile://tmp_1.png',
    1300013,
  ],
  ['writeFile', { filePath: '/etc/passwd', data: '' }, 'permission denied, open /etc/passwd', 1300013],
  ['mkdir', { dirPath: `${USR}/dir` }, `file already exists ${USR}/dir`, 1301005],
  ['mkdir', { dirPath: `${USR}/x/y` }, `no such file or directory ${USR}/x/y`, 1300002],
  ['rmdir', { dirPath: `${USR}/dir` }, 'directory not empty', 1300066],
  ['rmdir', { dirPath: USR, recursive: true }, `permission denied, open ${USR}`, 1300013],
  ['readdir', { dirPath: `${USR}/dir/file` }, `not a directory ${USR}/dir/file`, 1300020],
  ['unlink', { filePath: `${USR}/dir` }, `operation not permitted, unlink ${USR}/dir`, 1301003],
  ['unlink', { filePath: `${USR}/x` }, `no such file or directory ${USR}/x`, 1300002],
  [
    'rename',
    { oldPath: `${USR}/x`, newPath: `${USR}/y` },
    `no such file or directory, rename ${USR}/x -> ${USR}/y`,
    1300002,
  ],
  [
    'rename',
    { oldPath: `${USR}/dir`, newPath: `${USR}/dir/in` },
    `permission denied, rename ${USR}/dir -> ${USR}/dir/in`,
    1300013,
  ],
  [
    'copyFile',
    { srcPath: `${USR}/dir/file`, destPath: '/x' },
    `permission denied, copyFile ${USR}/dir/file -> /x`,
    1300013,
  ],
])('%s of %j fails in the phone’s words', async (name, options, words, errno) => {
  await run('mkdir', { dirPath: `${USR}/dir` });
  await write('dir/file');
  const before = [...saved.keys()];
  expect(await run(name, options)).toEqual({ errMsg: `${name}:fail ${words}`, errno });
  const given = Object.values(options);
  expect(() => manager[`${name}Sync`]?.(...given)).toThrow(`${name}Sync:fail ${words}`);
  expect([...saved.keys()]).toEqual(before);
});

describe('temporary files', () => {
  test('are saved under a name of the phone’s own, or in the mini-program’s folder', async () => {
    const [one, two] = [1, 2].map((byte) => files.addTemporary(new Uint8Array([byte]), '.png'));
    expect(await run('saveFile', { tempFilePath: one })).toEqual({
      errMsg: 'saveFile:ok',
      savedFilePath: 'wxfile://store_000000000001.png',
    });
    expect(manager.saveFileSync?.(two, `${USR}/two.png`)).toBe(`${USR}/two.png`);
    expect(await run('saveFile', { tempFilePath: one })).toMatchObject({
      errMsg: 'saveFile:fail tempFilePath file not exist',
    });
    open();
    const filePath = 'wxfile://store_000000000001.png';
    expect(await run('getSavedFileList', {})).toMatchObject({
      fileList: [{ filePath, size: 1, createTime: 1_800_000_000 }],
    });
    const third = files.addTemporary(new Uint8Array(1), '');
    expect(await run('saveFile', { tempFilePath: third })).toMatchObject({
      savedFilePath: 'wxfile://store_000000000002',
    });
    expect(await run('removeSavedFile', { filePath })).toEqual({ errMsg: 'removeSavedFile:ok' });
    expect(await run('removeSavedFile', { filePath })).toMatchObject({
      errMsg: 'removeSavedFile:fail file not exist',
    });
  });

  test('the oldest makes room for a new one, and what is kept has an end', async () => {
    open({ kept: 4, temporary: 4 });
    const [first, second] = [
      files.addTemporary(new Uint8Array(3), ''),
      files.addTemporary(new Uint8Array(3), ''),
    ];
    expect([files.has(first), files.has(second)]).toEqual([false, true]);
    expect(await write('a', '1234')).toEqual({ errMsg: 'writeFile:ok' });
    expect(await write('a', '4321')).toEqual({ errMsg: 'writeFile:ok' });
    expect(await write('b', '1')).toEqual({
      errMsg: 'writeFile:fail the maximum size of the file storage limit is exceeded',
      errno: 1300202,
    });
    expect(await run('saveFile', { tempFilePath: second })).toMatchObject({ errno: 1300202 });
    expect(files.has(second)).toBe(true);
  });
});
