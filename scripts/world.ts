import { parseArgs } from 'node:util';
import pc from 'picocolors';
import { SCENARIOS } from './local/scenarios/scenarios.ts';
import {
  listSnapshots,
  loadSnapshot,
  removeSnapshot,
  SnapshotError,
  saveSnapshot,
} from './local/snapshots.ts';

/** Where a world is kept when nobody says where. */
const DATA_DIRECTORY = '.local-world';

const USAGE = `Saves a local world under a name, and goes back to it.

  npm run world -- save NAME      saves the world, also while it runs
  npm run world -- load NAME      goes back to it; then npm start -- --data DIR
  npm run world -- list           what was saved
  npm run world -- remove NAME
  npm run world -- scenarios      what a new world can begin with: npm start -- --scenario NAME

  --data DIR   where the world is kept (default ${DATA_DIRECTORY}); what is saved lies in DIR/snapshots
  --force      replaces a snapshot (save), or the world that is there (load)
  --help       this text`;

const { values: flags, positionals } = readArguments();
const [verb, name, ...rest] = positionals;
if (flags.help || verb === undefined) {
  console.log(USAGE);
  process.exit(flags.help ? 0 : 1);
}
try {
  run(verb, name);
} catch (error) {
  if (!(error instanceof SnapshotError) && !isInUse(error)) throw error;
  fail(error.message);
}

function run(what: string, named: string | undefined): void {
  const { data } = flags;
  const how = { now: new Date(), replace: flags.force };
  if (rest.length > 0) fail(USAGE);
  switch (what) {
    case 'save':
      saveSnapshot(data, nameOr(named), how);
      console.log(
        `Saved as ${pc.cyan(nameOr(named))}. npm run world -- load ${nameOr(named)} goes back to it.`,
      );
      return;
    case 'load':
      loadSnapshot(data, nameOr(named), how);
      console.log(`${pc.cyan(nameOr(named))} is back. Go on with it: npm start -- --data ${data}`);
      return;
    case 'remove':
      removeSnapshot(data, nameOr(named));
      console.log(`Removed ${pc.cyan(nameOr(named))}.`);
      return;
    case 'list':
      list(data);
      return;
    case 'scenarios':
      for (const [each, { title }] of Object.entries(SCENARIOS))
        console.log(`  ${pc.cyan(each.padEnd(20))} ${title}`);
      return;
    default:
      fail(`There is no ${what}.\n\n${USAGE}`);
  }
}

function list(data: string): void {
  const snapshots = listSnapshots(data);
  if (snapshots.length === 0) console.log(`Nothing was saved in ${data} yet.`);
  for (const { name: each, saved_at } of snapshots)
    console.log(`  ${pc.cyan(each.padEnd(20))} ${saved_at.toLocaleString('sv')}`);
}

function nameOr(named: string | undefined): string {
  return named ?? fail(`Which one? Say its name.\n\n${USAGE}`);
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        data: { type: 'string', default: DATA_DIRECTORY },
        force: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    fail(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
}

/** What the lock of a data directory says of a world that runs on it. */
function isInUse(error: unknown): error is Error {
  return error instanceof Error && error.message.includes('is using this data directory');
}

function fail(message: string): never {
  console.error(pc.red(message));
  process.exit(1);
}
