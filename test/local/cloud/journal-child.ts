import { writeSync } from 'node:fs';
import { WorldClock } from '../../../scripts/local/clock.ts';
import { Database } from '../../../scripts/local/cloud/database/database.ts';
import { fileJournal } from '../../../scripts/local/cloud/database/journal-file.ts';
import { keyOf } from '../../../scripts/local/cloud/database/value.ts';

/**
 * Writes without end, 200 transactions at a time, and says which were acknowledged. The test kills it. Every
 * transaction writes two documents, so that half of one would show.
 */
const WRITES_IN_FLIGHT = 200;
const [directory = '', round = ''] = process.argv.slice(2);

const journal = fileJournal(directory, { compactionBytes: 100_000 });
const database = new Database({ clock: new WorldClock(), random: Math.random, journal });
if (!database.has('things')) await database.createCollection('things');
const collection = database.collection('things');

async function write(id: string): Promise<void> {
  const transaction = database.begin();
  database.enter(transaction);
  for (const half of ['left', 'right']) {
    const document = { _id: `${id}-${half}`, padding: 'x'.repeat(100) };
    await database.stage({ collection, key: keyOf(document._id), document }, transaction);
  }
  await database.commit(transaction);
  writeSync(1, `${id}\n`);
}

async function keepWriting(lane: number): Promise<void> {
  for (let count = 0; ; count++) await write(`${round}-${lane}-${count}`);
}

await Promise.all(Array.from({ length: WRITES_IN_FLIGHT }, (_, lane) => keepWriting(lane)));
