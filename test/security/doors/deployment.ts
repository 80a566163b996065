import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { expect } from 'vitest';
import { runDoctor } from '../../../scripts/deploy/doctor.ts';
import * as manifest from '../../../scripts/manifest.ts';
import { API_KEY, type Outcome, Project, VARIABLES } from '../../deploy/project.ts';
import { deployHere } from '../../deploy/set-up.ts';
import { type Failure, SECRET, StandIn } from '../../deploy/stand-in.ts';
import { type Account, emptyAccount } from '../../deploy/stand-in-account.ts';
import type { Attack, Door, Place } from '../attack.ts';
import type { Secret } from '../secrets.ts';

/** The machine of whoever deploys, and an account in the cloud to which others have access too. */
interface Deployment extends Place {
  /** A deployment to a copy of the account, after somebody changed it. */
  deploy(what?: {
    readonly change?: (account: Account) => void;
    readonly failures?: readonly Failure[];
    readonly variables?: Readonly<Record<string, string>>;
    readonly env?: string;
    readonly args?: readonly string[];
    readonly account?: Account;
  }): Promise<Outcome & { readonly standIn: StandIn; readonly files: ReadonlyMap<string, string> }>;
  doctor(env: string): Promise<Outcome>;
}

const PREVIOUS = 'old0old0old0old0old0old0old0old1';
const TOKEN = 'session-token-of-the-stand-in-0000000000';
const SECRETS: readonly Secret[] = [
  { name: 'the API key', value: API_KEY },
  { name: 'the previous API key', value: PREVIOUS },
  { name: 'the Tencent Cloud key', value: SECRET.key },
  { name: 'the session token', value: TOKEN },
];
const ALL = { ...VARIABLES, WECHAT_PAY_API_KEY_PREVIOUS: PREVIOUS, TENCENTCLOUD_SESSIONTOKEN: TOKEN };

async function openDeployment(): Promise<Deployment> {
  const closing: (() => Promise<unknown>)[] = [];
  const outputs: string[] = [];
  const first = await StandIn.start();
  const project = await Project.create();
  closing.push(
    () => first.dispose(),
    () => project.dispose(),
  );
  const { code, output } = await deployHere({ standIn: first, project }, ['--yes']);
  if (code !== 0) throw new Error(output);

  return {
    secrets: SECRETS,
    snapshot: () => ({ account: structuredClone(first.account), NODE_OPTIONS: process.env.NODE_OPTIONS }),
    outputs: () => outputs.splice(0).join('\n'),
    async deploy({
      change = () => {},
      failures = [],
      variables = VARIABLES,
      env,
      args = ['--yes'],
      account,
    } = {}) {
      const copy = structuredClone(account ?? first.account);
      change(copy);
      const standIn = await StandIn.start(copy);
      standIn.failures.push(...failures);
      const here = await Project.create(variables);
      closing.push(
        () => standIn.dispose(),
        () => here.dispose(),
      );
      if (env !== undefined) await here.write('.env', env);
      const outcome = await deployHere({ standIn, project: here }, args);
      outputs.push(outcome.output);
      return { ...outcome, standIn, files: await filesOf(here.folder) };
    },
    async doctor(env) {
      await project.write('.env', env);
      const lines: string[] = [];
      const print = (line: string) => void lines.push(line);
      const machine = { root: project.folder, processEnvironment: {}, node: '20.19.0', print };
      const random = (bytes: number) => Buffer.alloc(bytes);
      const wait = () => Promise.resolve();
      const now = () => new Date();
      const exit = await runDoctor(manifest, [], { ...machine, random, wait, now });
      const reported = lines.join('\n');
      outputs.push(reported);
      return { code: exit, output: reported };
    },
    close: async () => void (await Promise.all(closing.map((end) => end()))),
  };
}

async function filesOf(folder: string): Promise<Map<string, string>> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return new Map(
    await Promise.all(
      files.map(async (file) => [file.slice(folder.length + 1), await readFile(file, 'latin1')] as const),
    ),
  );
}

/** A title and a colour: whatever could be obeyed by a terminal begins with the first of these characters. */
const CODES = '\u001b]0;pwned\u0007\u001b[2J\u009b31m';
const isPlain = expect.toSatisfy(
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that a terminal obeys.
  (text: string) => !/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.test(text),
  'text without terminal codes',
);

/** Somebody with access to the account leaves something for the terminal of whoever deploys. */
const planted = (name: string, change: (account: Account) => void): Attack<Deployment> => ({
  name: `terminal codes in ${name}`,
  answered: { output: isPlain, isShown: true },
  send: async (place) => {
    const { output } = await place.deploy({ change, args: ['--dry-run'] });
    return { output, isShown: output.includes('pwned') };
  },
});

const reported = (
  name: string,
  failure: Omit<Failure, 'action'>,
  action = 'DescribeEnvInfo',
): Attack<Deployment> => ({
  name: `an error of the cloud with ${name}`,
  answered: { code: 1, output: isPlain },
  send: async (place) => {
    const { code, output } = await place.deploy({ failures: [{ action, ...failure }], args: ['--dry-run'] });
    return { code, output };
  },
});

/** What is in .env, or is typed, is taken for what it is or refused: nothing is sent. */
const refused = (name: string, env: string, args?: readonly string[]): Attack<Deployment> => ({
  name,
  answered: { code: 1, output: isPlain, calls: 0 },
  send: async (place) => {
    const { code, output, standIn } = await place.deploy({ env, ...(args ? { args } : {}) });
    return { code, output, calls: standIn.calls.length };
  },
});

const line = (changes: Readonly<Record<string, string>>) =>
  Object.entries({ ...VARIABLES, ...changes })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

function orFail<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('not deployed');
  return value;
}

/** Whoever writes .env, types a command, answers as the cloud, or shares the account. */
export const deployment: Door<Deployment> = {
  name: 'the deployment',
  open: openDeployment,
  attacks: [
    planted("a timer's name", ({ functions }) =>
      orFail(functions.get('queryOrders')).triggers.push({
        ...orFail(functions.get('queryOrders')?.triggers[0]),
        TriggerName: `extra${CODES}`,
      }),
    ),
    planted("a function's runtime", ({ functions }) => {
      orFail(functions.get('checkOrder')).runtime = `Nodejs${CODES}`;
    }),
    planted("a function's handler", ({ functions }) => {
      orFail(functions.get('checkOrder')).handler = `index${CODES}`;
    }),
    planted("a collection's rule", ({ collections }) => {
      orFail(collections.get('orders')).rule = { Permission: 'CUSTOM', SecurityRule: `{"read":"${CODES}"}` };
    }),
    planted("an index's field", ({ collections }) => {
      const { indexes } = orFail(collections.get('orders'));
      const [index] = indexes;
      indexes[0] = { ...orFail(index), Keys: [{ Name: `x${CODES}`, Direction: '1' }] };
    }),
    {
      name: 'a timer whose name has lines that we would print',
      answered: { output: isPlain, forged: [] },
      send: async (place) => {
        const change = ({ functions }: Account) =>
          orFail(functions.get('queryOrders')).triggers.push({
            ...orFail(functions.get('queryOrders')?.triggers[0]),
            TriggerName: 'x\nAll 99 found as wanted.\n- pwned',
          });
        const { output } = await place.deploy({ change });
        return { output, forged: output.split('\n').filter((text) => /^(All 99|- pwned)/.test(text)) };
      },
    },
    reported('terminal codes in its message', { code: 'FailedOperation', message: `no${CODES}` }),
    reported('terminal codes in its code', { code: `Failed${CODES}`, message: 'no' }),
    reported('the key in its message', {
      code: 'AuthFailure.SignatureFailure',
      message: `the key ${SECRET.key} does not sign`,
    }),
    refused('an environment that is a command', line({ CLOUDBASE_ENV_ID: 'shop;id' })),
    refused('an environment that is a path', line({ CLOUDBASE_ENV_ID: '../../shop' })),
    refused('an environment in the arguments that is a command', line({}), ['--yes', '--env', '$(id)']),
    refused('a thing to deploy that is none', line({}), ['--yes', '--only', `../${CODES}`]),
    refused('an option that is none', line({}), ['--yes', `--dry-rum${CODES}`]),
    refused('a name that is none', `${line({})}x${CODES} y\n`),
    refused('a name with terminal codes', `${line({ WECHAT_PAY_MCH_ID: 'x' })}X${CODES}=1\n`),
    refused(
      'an address for notices with a line break',
      line({ WECHAT_PAY_NOTIFY_URL: 'https://a.example/%0a x' }),
    ),
    refused(
      'an address for notices on this machine',
      line({ WECHAT_PAY_NOTIFY_URL: 'https://127.0.0.1/payNotify' }),
    ),
    refused('an address that is a script', line({ WECHAT_PAY_NOTIFY_URL: 'javascript:alert(1)' })),
    refused(
      'a key with a reference in it',
      line({ WECHAT_PAY_API_KEY: `$${'{HOME}'}aaaaaaaaaaaaaaaaaaaaaaaaa` }),
    ),
    refused('a key of another length', line({ WECHAT_PAY_API_KEY: `${API_KEY}a` })),
    refused(
      'a key on several lines',
      line({ WECHAT_PAY_API_KEY: `"${API_KEY.slice(0, 16)}\n${API_KEY.slice(16)}"` }),
    ),
    {
      name: 'settings for Node in .env are given to nobody',
      answered: { code: 0, names: expect.not.arrayContaining(['NODE_OPTIONS', '__proto__', 'PATH']) },
      send: async (place) => {
        const env = `${line({})}NODE_OPTIONS=--require=/x.js\n__proto__=1\nPATH=/x\n`;
        const { code, standIn } = await place.deploy({ env });
        const given = [...standIn.account.functions.values()].flatMap(({ variables }) => variables);
        return { code, names: given.map(({ Key }) => Key) };
      },
    },
    {
      name: 'a first deployment shows no key, and writes none to disk or into an archive',
      answered: { code: 0, files: ['.env'], archives: [] },
      send: async (place) => {
        const { code, standIn, files } = await place.deploy({ account: emptyAccount(), variables: ALL });
        const keys = SECRETS.map(({ value }) => value);
        const holds = (text: string) => keys.some((key) => text.includes(key));
        const archives = [...standIn.account.functions].filter(([, { zip }]) =>
          Object.values(unzipSync(zip)).some((file) => holds(strFromU8(file))),
        );
        return {
          code,
          files: [...files].filter(([, text]) => holds(text)).map(([name]) => name),
          archives: archives.map(([name]) => name),
        };
      },
    },
    {
      name: 'a first deployment gives each function the keys it needs, and nobody Tencent Cloud’s',
      answered: { code: 0, cloudKeys: [], otherThanListed: [] },
      send: async (place) => {
        const { code, standIn } = await place.deploy({ account: emptyAccount(), variables: ALL });
        const given = [...standIn.account.functions].map(([name, { variables }]) => ({
          name,
          names: variables.map(({ Key }) => Key),
        }));
        return {
          code,
          cloudKeys: given.filter(({ names }) => names.some((name) => /TENCENTCLOUD|CLOUDBASE/.test(name))),
          otherThanListed: given.filter(({ name, names }) => keysIn(names) !== keysListed(name)),
        };
      },
    },
    {
      name: 'a key that somebody changed in the cloud is not shown',
      answered: { code: 0, output: expect.stringContaining('WECHAT_PAY_API_KEY differs') },
      send: async (place) => {
        const { code, output } = await place.deploy({
          args: ['--dry-run'],
          change: ({ functions }) => {
            const { variables } = orFail(functions.get('checkOrder'));
            for (const variable of variables) {
              if (variable.Key === 'WECHAT_PAY_API_KEY') variable.Value = PREVIOUS;
            }
          },
        });
        return { code, output };
      },
    },
    ...Object.entries({
      'one character short': API_KEY.slice(1),
      'in quotes that do not close': `"${API_KEY}`,
      'with a # in it': `${API_KEY.slice(0, 8)}#${API_KEY.slice(8)}`,
      'with a word behind it': `${API_KEY} ${SECRET.key}`,
    }).map(
      ([how, key]): Attack<Deployment> => ({
        name: `the doctor says what is wrong with a key ${how}, and does not show it`,
        answered: { code: 1, output: expect.stringContaining('WECHAT_PAY_API_KEY') },
        send: (place) => place.doctor(line({ WECHAT_PAY_API_KEY: key })),
      }),
    ),
    {
      name: 'the doctor does not show a line that is a key and nothing else',
      answered: { code: 1, output: expect.stringContaining('is not NAME=value') },
      send: (place) => place.doctor(`${API_KEY}\n${SECRET.key}\n`),
    },
  ],
};

/** Which of the keys that were set are among these variables. */
function keysIn(names: readonly string[]): string {
  return Object.keys(ALL)
    .filter((name) => /KEY|TOKEN|SECRET/.test(name) && names.includes(name))
    .join(' ');
}

function keysListed(name: string): string {
  return keysIn(manifest.functions.find((listed) => listed.name === name)?.environment ?? []);
}
