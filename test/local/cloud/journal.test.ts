import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fileJournal } from '../../../scripts/local/cloud/database/journal-file.ts';
import { smallWorld } from './world.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'journal-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

const file = () => join(directory, 'journal.ndjson');
const reopened = () => smallWorld({ journal: fileJournal(directory) });

test('what was written is there after a restart: documents, removals, collections', async () => {
  const { cloud } = await reopened();
  await cloud.dispatch({ action: 'database.addCollection', collectionName: 'others' });
  await cloud.insert('things', { _id: 'kept', at: new Date(5), nested: { list: [1, null] } });
  await cloud.insert('things', { _id: 'removed' });
  await cloud.dispatch({
    action: 'database.removeDocument',
    collectionName: 'things',
    query: '{"_id":"removed"}',
  });
  await cloud.dispose();

  const again = await reopened();
  expect(again.cloud.collections()).toEqual(['things', 'others']);
  expect(again.cloud.documents('things')).toEqual([
    { _id: 'kept', at: new Date(5), nested: { list: [1, null] } },
  ]);
  await again.cloud.dispose();
});

test('half a line at the end is cut, and writing goes on after it', async () => {
  const { cloud } = await reopened();
  await cloud.insert('things', { _id: 'whole' });
  await cloud.dispose();
  appendFileSync(file(), '{"writes":[{"in":"things","put":{"_id":"ha');

  const again = await reopened();
  expect(again.cloud.documents('things')).toEqual([{ _id: 'whole' }]);
  await again.cloud.insert('things', { _id: 'next' });
  await again.cloud.dispose();
  const third = await reopened();
  expect(third.cloud.documents('things')).toEqual([{ _id: 'whole' }, { _id: 'next' }]);
  await third.cloud.dispose();
});

test('damage before the end is no half-written line: it is said where, and nothing is lost over it', async () => {
  const { cloud } = await reopened();
  await cloud.insert('things', { _id: 'a' });
  await cloud.dispose();
  const lines = readFileSync(file(), 'utf8');
  writeFileSync(file(), `{"writes\n${lines}`);
  await expect(reopened()).rejects.toThrow(/damaged at line 1/);
  expect(readFileSync(file(), 'utf8')).toBe(`{"writes\n${lines}`);
});

test('a file that is mostly outdated is written anew', async () => {
  const { cloud } = await smallWorld({ journal: fileJournal(directory, { compactionBytes: 10_000 }) });
  await cloud.insert('things', { _id: 'a', n: 0 });
  const update = { collectionName: 'things', query: '{"_id":"a"}', data: '{"$inc":{"n":1}}', merge: true };
  for (let n = 0; n < 500; n++) await cloud.dispatch({ action: 'database.modifyDocument', ...update });
  await cloud.dispose();
  expect(statSync(file()).size).toBeLessThan(11_000);
  const again = await reopened();
  expect(again.cloud.documents('things')).toEqual([{ _id: 'a', n: 500 }]);
  await again.cloud.dispose();
});

test('opening a long file with nothing outdated leaves it, and the next write only adds to it', async () => {
  const { cloud } = await reopened();
  for (let n = 0; n < 100; n++) await cloud.insert('things', { _id: String(n), padding: 'x'.repeat(100) });
  await cloud.dispose();
  const before = statSync(file());

  const again = await smallWorld({ journal: fileJournal(directory, { compactionBytes: 1000 }) });
  expect(statSync(file())).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
  for (let n = 100; n < 150; n++) await again.cloud.insert('things', { _id: String(n) });
  await again.cloud.dispose();
  expect(statSync(file()).ino).toBe(before.ino);
  expect(statSync(file()).size).toBeGreaterThan(before.size);
});

test('opening a file that is mostly outdated has it written anew at the next write', async () => {
  const { cloud } = await reopened();
  for (let n = 0; n < 100; n++) {
    await cloud.insert('things', { _id: 'a', padding: 'x'.repeat(100) });
    await cloud.dispatch({
      action: 'database.removeDocument',
      collectionName: 'things',
      query: '{"_id":"a"}',
    });
  }
  await cloud.dispose();
  const again = await smallWorld({ journal: fileJournal(directory, { compactionBytes: 1000 }) });
  await again.cloud.insert('things', { _id: 'b' });
  await again.cloud.dispose();
  expect(statSync(file()).size).toBeLessThan(1000);
});

test('a directory in use is refused, to this process and to others', async () => {
  const { cloud } = await reopened();
  await expect(reopened()).rejects.toThrow(
    /is using this data directory. Stop it, or choose another with --data/,
  );
  await cloud.dispose();
  writeFileSync(join(directory, 'journal.lock'), `${process.ppid}\n`);
  await expect(reopened()).rejects.toThrow(`Process ${process.ppid} is using this data directory`);
});

const ROUNDS = 20;
/** The rounds run in as many directories at once. */
const LANES = 2;
/** Acknowledged writes after which a round's process is killed, so that it is killed at work. */
const WRITES_BEFORE_KILL = 200;

test(`${ROUNDS} times kill -9 with 200 transactions in flight loses nothing acknowledged and halves none`, {
  timeout: 60_000,
}, async () => {
  const program = join(directory, 'child.mjs');
  const source = join(import.meta.dirname, 'journal-child.ts');
  await build({
    entryPoints: [source],
    outfile: program,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
  });
  await Promise.all(
    Array.from({ length: LANES }, (_, lane) => survive(program, join(directory, `data-${lane}`))),
  );
});

async function survive(program: string, data: string): Promise<void> {
  const acknowledged: string[] = [];
  for (let round = 0; round < ROUNDS / LANES; round++) {
    acknowledged.push(...(await writeUntilKilled(program, data, round)));
  }
  const { cloud } = await smallWorld({ journal: fileJournal(data) });
  const kept = new Set(cloud.documents('things').map(({ _id }) => _id));
  const isHalved = (id: string) => !(kept.has(`${id}-left`) && kept.has(`${id}-right`));
  expect(acknowledged.length).toBeGreaterThanOrEqual((ROUNDS / LANES) * WRITES_BEFORE_KILL);
  expect(acknowledged.filter(isHalved)).toEqual([]);
  expect(
    [...new Set([...kept].map((id) => String(id).replace(/-(left|right)$/, '')))].filter(isHalved),
  ).toEqual([]);
  await cloud.dispose();
}

/** Gives the writes that were acknowledged, those that the pipe still held at the kill included. */
function writeUntilKilled(program: string, data: string, round: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, data, String(round)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    let lines = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk;
      lines += chunk.toString().split('\n').length - 1;
      if (lines >= WRITES_BEFORE_KILL) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', (_, signal) => {
      if (signal === 'SIGKILL') resolve(output.split('\n').slice(0, -1));
      else reject(new Error('the writing process ended before it was killed'));
    });
  });
}
