import { createReadStream, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CloudServer } from '../../../scripts/local/cloud/server.ts';
import { folderFiles } from '../../../scripts/local/cloud/storage/file-folder.ts';
import { type FileKeep, memoryFiles } from '../../../scripts/local/cloud/storage/file-keep.ts';
import { FILE_BYTES_MAX, Storage } from '../../../scripts/local/cloud/storage/storage.ts';
import { onTheWire, smallWorld, type TestWorld } from './world.ts';
import type { Sdk } from './wx-server-sdk.ts';

const BUCKET = 'cloud://local-test.6c6f-local-test-1250000000/';

describe('files of a program with the unmodified SDK', () => {
  let world: TestWorld;
  let server: CloudServer;
  let sdk: Sdk;

  beforeAll(async () => {
    world = await smallWorld();
    ({ server, sdk } = await onTheWire(world.cloud));
  });

  afterAll(async () => {
    await server.dispose();
    await world.cloud.dispose();
  });

  const send = (cloudPath: string, text: string) =>
    sdk.uploadFile({ cloudPath, fileContent: Buffer.from(text) });
  const content = async (fileID: string) => (await sdk.downloadFile({ fileID })).fileContent.toString();

  test.each(['a.txt', 'deep/er/a b.txt', '图片/头像 1.png', "odd-!_*'()+&=@,;:$.bin", '100%.txt'])(
    '%s comes back as it was sent',
    async (cloudPath) => {
      const { fileID } = await send(cloudPath, `content of ${cloudPath}`);
      expect(fileID).toBe(BUCKET + cloudPath);
      expect(await content(fileID)).toBe(`content of ${cloudPath}`);
    },
  );

  test('bytes that are no text, and a stream of a file on disk', async () => {
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, at) => at % 256));
    const folder = mkdtempSync(join(tmpdir(), 'files-'));
    writeFileSync(join(folder, 'x'), bytes);
    for (const fileContent of [bytes, createReadStream(join(folder, 'x'))]) {
      const { fileID } = await sdk.uploadFile({ cloudPath: 'bytes', fileContent });
      expect((await sdk.downloadFile({ fileID })).fileContent.equals(bytes)).toBe(true);
    }
    rmSync(folder, { recursive: true });
  });

  test('what is sent to the same path again replaces it', async () => {
    await send('twice', 'one');
    const { fileID } = await send('twice', 'two');
    expect(await content(fileID)).toBe('two');
  });

  test('a file has an address that everybody reads', async () => {
    const { fileID } = await send('图/p.png', 'picture');
    const { fileList } = await sdk.getTempFileURL({ fileList: [fileID, { fileID, maxAge: 60 }] });
    expect(fileList).toEqual([
      { fileID, status: 0, errMsg: 'ok', maxAge: 7200, tempFileURL: expect.any(String) },
      { fileID, status: 0, errMsg: 'ok', maxAge: 60, tempFileURL: expect.any(String) },
    ]);
    const answer = await fetch(String(fileList[0]?.tempFileURL));
    expect([await answer.text(), answer.headers.get('content-type')]).toEqual(['picture', 'image/png']);
  });

  test('of several files each has its own outcome', async () => {
    const { fileID } = await send('there', 'x');
    const missing = `${BUCKET}none`;
    const foreign = 'cloud://other.6f74-other-1/there';
    const fileList = [fileID, missing, foreign];
    const urls = await sdk.getTempFileURL({ fileList });
    expect(urls.fileList.map(({ status, errMsg }) => [status, errMsg])).toEqual([
      [0, 'ok'],
      [-503003, 'storage file not exists'],
      [-503003, 'storage file not exists'],
    ]);
    const removed = await sdk.deleteFile({ fileList: [...fileList, fileID] });
    expect(removed.fileList.map(({ status }) => status)).toEqual([0, -503003, -503003, -503003]);
    await expect(sdk.downloadFile({ fileID })).rejects.toMatchObject({ code: 'STORAGE_FILE_NONEXIST' });
  });

  test.each(['/a', 'a//b', '../a', 'a/../../b', 'a/.', '..', 'a\nb', 'x'.repeat(851), '图'.repeat(284)])(
    'the path %j is refused',
    async (cloudPath) => {
      await expect(send(cloudPath, 'x')).rejects.toMatchObject({ code: 'INVALID_PARAM' });
      expect(world.cloud.storage.at(cloudPath)).toBeUndefined();
    },
  );

  test('more than fifty files at once are refused', async () => {
    const fileList = Array.from({ length: 51 }, (_, at) => `${BUCKET}${at}`);
    await expect(sdk.getTempFileURL({ fileList })).rejects.toMatchObject({ code: 'INVALID_PARAM' });
    await expect(sdk.deleteFile({ fileList })).rejects.toMatchObject({ code: 'INVALID_PARAM' });
  });

  const at = (path: string) => `${new URL(server.url).origin}/cloud-files/${path}`;

  test.each<[about: string, path: string, request: RequestInit, answer: [number, string]]>([
    ['no signature', 'a', { method: 'PUT', body: 'x' }, [403, 'SignatureDoesNotMatch']],
    [
      'another path’s signature',
      'a',
      { method: 'PUT', body: 'x', headers: { authorization: 'SIGNED' } },
      [403, 'SignatureDoesNotMatch'],
    ],
    ['a form without a file', 'a', { method: 'POST', body: new FormData() }, [400, 'MalformedPOSTRequest']],
    ['a file that is not there', 'none', {}, [404, 'NoSuchKey']],
    ['a path out of the bucket', '..%2f..%2fpackage.json', {}, [404, 'NoSuchKey']],
    ['a broken path', '%E0%A4%A', {}, [400, 'InvalidURI']],
    ['a method that is none', 'a', { method: 'DELETE' }, [405, 'MethodNotAllowed']],
  ])('COS refuses %s', async (_, path, request, [status, code]) => {
    const headers = new Headers(request.headers);
    if (headers.get('authorization')) headers.set('authorization', world.cloud.storage.signatureOf('b'));
    const answer = await fetch(at(path), { ...request, headers });
    expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(code)]);
  });

  test('a file that says it is larger than any is refused before it is read', async () => {
    const status = await new Promise((resolve, reject) => {
      const headers = {
        authorization: world.cloud.storage.signatureOf('large'),
        'content-length': FILE_BYTES_MAX * 2,
      };
      const sending = request(at('large'), { method: 'PUT', headers }, (answer) => {
        resolve(answer.statusCode);
        sending.destroy();
      });
      sending.on('error', reject);
      sending.flushHeaders();
    });
    expect(status).toBe(413);
  });
});

describe('whose a file is', () => {
  const open = (keep: FileKeep = memoryFiles()) =>
    new Storage({ envId: 'local-test', keep, now: () => new Date(0), random: () => 0.5 });
  const x = Buffer.from('x');

  test('its creator replaces and removes it, nobody else but a function does', async () => {
    const storage = open();
    const id = await storage.put('a', x, 'me');
    await expect(storage.put('a', x, 'other')).rejects.toMatchObject({ code: 'STORAGE_EXCEED_AUTHORITY' });
    expect(() => storage.remove(id, 'other')).toThrow('permission denied');
    await storage.put('a', x, 'me');
    await storage.put('a', x);
    await expect(storage.put('a', x, 'me')).rejects.toMatchObject({ code: 'STORAGE_EXCEED_AUTHORITY' });
    storage.remove(id);
    expect(storage.list()).toEqual([]);
  });
});

describe('files in a folder', () => {
  let folder = '';
  const open = () => {
    folder ||= mkdtempSync(join(tmpdir(), 'files-'));
    const keep = folderFiles(folder);
    return new Storage({ envId: 'local-test', keep, now: () => new Date(0), random: () => 0.5 });
  };
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
    folder = '';
  });

  test('are there again, replaced and removed ones as they were left', async () => {
    const storage = open();
    await storage.put('a', Buffer.from('one'), 'me');
    await storage.put('a', Buffer.from('two'), 'me');
    await storage.put('..a/b', Buffer.from('two'));
    const gone = await storage.put('gone', Buffer.from('three'));
    storage.remove(gone);
    const again = open();
    const files = again.list();
    expect(files.map(({ path, size, openid }) => ({ path, size, openid }))).toEqual([
      { path: 'a', size: 3, openid: 'me' },
      { path: '..a/b', size: 3, openid: undefined },
    ]);
    const contents = await Promise.all(files.map((file) => again.read(file)));
    expect(contents.map(String)).toEqual(['two', 'two']);
    // Two files of one content, and nothing of what nobody has any more.
    expect(readdirSync(folder)).toHaveLength(2);
  });

  test('a line that is none of ours is named', () => {
    open();
    writeFileSync(
      join(folder, 'files.ndjson'),
      '{"path":"a","sha256":"../../etc/passwd","size":1,"saved_at":0}\n',
    );
    expect(open).toThrow(/files.ndjson, line 1/);
  });
});
