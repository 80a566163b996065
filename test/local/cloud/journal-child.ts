import { writeSync } from 'node:fs';
import { WorldClock } from '../../../scripts/local/clock.ts';
import { createCloud } from '../../../scripts/local/cloud/cloud.ts';
import { fileJournal } from '../../../scripts/local/cloud/database/journal-file.ts';
import { Trace } from '../../../scripts/local/trace.ts';

/**
 * Writes without end, 200 at a time, and says which writes were acknowledged. The test kills it.
 * Every write is a transaction over two documents, so that half of one would show.
 */
const WRITES_IN_FLIGHT = 200;
const [directory = '', round = ''] = process.argv.slice(2);

const clock = new WorldClock();
const journal = fileJournal(directory, { compactionBytes: 100_000 });
const trace = new Trace(() => clock.now());
const cloud = createCloud({ clock, trace, random: Math.random, envId: 'local-test', journal });
await cloud.declare([{ name: 'things', indexes: [], rule: { read: false, write: false } }]);

async function write(id: string): Promise<void> {
  const begun = await cloud.dispatch({ action: 'database.startTransaction' });
  const transaction = {
    transactionId: 'transactionId' in begun ? begun.transactionId : '',
    collectionName: 'things',
  };
  for (const half of ['left', 'right']) {
    const data = [JSON.stringify({ _id: `${id}-${half}`, padding: 'x'.repeat(100) })];
    await cloud.dispatch({ action: 'database.insertDocument', data, ...transaction });
  }
  const answer = await cloud.dispatch({ action: 'database.commitTransaction', ...transaction });
  if (!('code' in answer)) writeSync(1, `${id}\n`);
}

async function keepWriting(lane: number): Promise<void> {
  for (let count = 0; ; count++) await write(`${round}-${lane}-${count}`);
}

await Promise.all(Array.from({ length: WRITES_IN_FLIGHT }, (_, lane) => keepWriting(lane)));
