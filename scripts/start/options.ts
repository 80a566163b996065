import path from 'node:path';
import { parseArgs } from 'node:util';
import { isForeign } from '../local/foreign-project.ts';
import { isScenario, SCENARIOS, type ScenarioName } from '../local/scenarios/scenarios.ts';

/** The usual first port. */
export const PORT = 7600;

export const USAGE = `Starts the local world: CloudBase, WeChat Pay and the functions, on this machine only.

  npm start -- [options]

  --port N           the first of a row of ports (default ${PORT}, or any when those are taken); 0 takes any
  --data DIR         keep the world's memory in DIR between runs
  --virtual          a new world sells through virtual payment instead of ordinary WeChat Pay
  --scenario NAME    begin a new world with: ${Object.keys(SCENARIOS).join(', ')}
  --shipping         WeChat keeps the shop's money until it is told that an order was fulfilled; see the rows for it
  --desk             the first shopper is an operator, and their phone opens the operators' desk
  --seed N           everything that is left to chance is the same again for the same N
  --project DIR      another mini-program project: its pages on the phone, its cloud functions in the cloud
  --collections A,B  collections that the other project uses
  --json             print one line of JSON when ready, and nothing else
  --help             this text`;

export interface StartOptions {
  readonly help: boolean;
  readonly json: boolean;
  readonly virtual: boolean;
  readonly desk: boolean;
  readonly shipping: boolean;
  /** Absolute. */
  readonly project: string;
  readonly collections: readonly string[];
  readonly port?: number;
  readonly data?: string;
  readonly scenario?: ScenarioName;
  readonly seed?: number;
}

/** What was asked for cannot be; the message says what can. */
export class OptionError extends Error {}

/** @throws OptionError when an option is unknown or has a value that it cannot have */
export function readOptions(words: string[]): StartOptions {
  const { port, data, scenario, seed, ...flags } = parse(words);
  const isOther = isForeign(flags.project);
  if (isOther && (scenario !== undefined || flags.virtual || flags.desk || flags.shipping))
    throw new OptionError(
      '--scenario, --virtual, --desk and --shipping are about the shop of this project, not about another.',
    );
  return {
    ...flags,
    project: path.resolve(flags.project),
    collections: flags.collections === '' ? [] : flags.collections.split(',').map((name) => name.trim()),
    ...(data !== undefined && { data }),
    ...(port !== undefined && { port: readPort(port) }),
    ...(scenario !== undefined && { scenario: readScenario(scenario) }),
    ...(seed !== undefined && { seed: readSeed(seed) }),
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: 'string' },
        data: { type: 'string' },
        virtual: { type: 'boolean', default: false },
        desk: { type: 'boolean', default: false },
        shipping: { type: 'boolean', default: false },
        scenario: { type: 'string' },
        seed: { type: 'string' },
        project: { type: 'string', default: '.' },
        collections: { type: 'string', default: '' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new OptionError(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_500) return port;
  throw new OptionError(`--port takes a number from 0 to 65500, not ${text}.`);
}

function readScenario(name: string): ScenarioName {
  if (isScenario(name)) return name;
  throw new OptionError(`There is no scenario ${name}. There are: ${Object.keys(SCENARIOS).join(', ')}.`);
}

function readSeed(text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new OptionError(`--seed takes a whole number, not ${text}.`);
}
