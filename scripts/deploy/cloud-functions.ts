import type CloudBase from '@cloudbase/manager-node';
import pMap from 'p-map';
import * as v from 'valibot';
import { ask, CALLS_AT_ONCE, done, unlessMissing } from './answers.ts';
import type { CloudFunctions } from './cloud.ts';
import { DOWNLOAD_BYTES_MAX, deployedCode } from './deployed-code.ts';
import { download } from './download.ts';
import { DeployError } from './errors.ts';
import { until, type Wait } from './poll.ts';
import { CREATE_FAILED, type FunctionState, type Timer } from './state.ts';
import type { WantedFunction } from './wanted.ts';

const NO_FUNCTION = /^ResourceNotFound\.Function/;

/**
 * Functions and timers, by @cloudbase/manager-node. The CLI could do this too, but it exits with 0 when the cloud refused,
 * wants a login that it writes to disk in plain text, and carries an older copy of the same library.
 */
export function cloudFunctions(
  cloudbase: CloudBase,
  environmentId: string,
  { wait, proxy }: { readonly wait: Wait; readonly proxy: string | undefined },
): CloudFunctions {
  const { functions } = cloudbase;
  // createFunction takes a name that is in use, and whose creation failed once, as leave to delete that function and its routes.
  functions.deleteFunction = (name) => {
    throw new DeployError('DELETE_REFUSED', `${JSON.stringify(name)} would have been deleted to make room`, {
      wayOut:
        'Look at it in the console (Cloud Functions), delete it there if it is of no use, and run this again',
    });
  };

  const describe = (name: string) =>
    ask(`read function ${name}`, () => functions.getFunctionDetail(name), DESCRIBED_FUNCTION);

  /** As it is once nobody is changing it any more: ourselves, DevTools or the CLI a moment ago. */
  const settled = (name: string) =>
    until(
      () => describe(name),
      ({ Status }) => !/^(Creating|Updating|Publishing)/.test(Status),
      { wait },
    );

  const send = async (doing: string, name: string, call: () => Promise<unknown>): Promise<void> => {
    await ask(`${doing} ${name}`, call, done);
    await settled(name);
  };

  return {
    async readFunctions(names) {
      const found = await pMap(
        names,
        async (name) => ({ name, answer: await unlessMissing(settled(name), NO_FUNCTION) }),
        {
          concurrency: CALLS_AT_ONCE,
        },
      );
      return pMap(
        found.flatMap(({ name, answer }) => (answer ? [{ name, answer }] : [])),
        async ({ name, answer }) =>
          stateOf(name, answer, hasCode(answer) ? await downloadedCode(name) : 'none'),
        { concurrency: CALLS_AT_ONCE },
      );
    },

    createFunction: (wanted) =>
      send('create function', wanted.name, () =>
        functions.createFunction({ func: request(wanted), base64Code: base64(wanted) }),
      ),

    updateCode: (wanted) =>
      send('update the code of', wanted.name, () =>
        functions.updateFunctionCode({ func: request(wanted), base64Code: base64(wanted) }),
      ),

    updateSettings: (wanted) =>
      send('update the settings of', wanted.name, () => functions.updateFunctionConfig(request(wanted))),

    createTimer: (name, { name: timer, config }) =>
      send('create the timer of', name, () =>
        functions.createFunctionTriggers(name, [{ name: timer, type: 'timer', config }]),
      ),
  };

  /**
   * What the cloud runs, not what it was told. The vendor's own download unpacks every name it finds into a folder; ours
   * asks for the address alone.
   */
  async function downloadedCode(name: string): Promise<string> {
    const doing = `download the code of ${name}`;
    const where = { FunctionName: name, Namespace: environmentId };
    const { Url } = await ask(
      doing,
      () => cloudbase.commonService('scf').call({ Action: 'GetFunctionAddress', Param: where }),
      v.object({ Url: v.pipe(v.string(), v.url(), v.startsWith('https://')) }),
    );
    const zip = await ask(
      doing,
      () => download(Url, { bytesMax: DOWNLOAD_BYTES_MAX, proxy }),
      v.optional(v.instance(Uint8Array)),
    );
    return deployedCode(zip);
  }
}

/** What a function is asked for. The variables are the whole set: the cloud forgets what is not named. */
function request({ name, runtime, handler, timeout, memorySize, variables }: WantedFunction) {
  return {
    name,
    runtime,
    handler,
    timeout,
    memorySize,
    installDependency: false,
    envVariables: { ...variables },
  };
}

/** A function whose creation failed has nothing that could be downloaded. */
const hasCode = ({ Status }: { readonly Status: string }): boolean => Status !== CREATE_FAILED;

const base64 = ({ zip }: WantedFunction): string => Buffer.from(zip).toString('base64');

function stateOf(
  name: string,
  answer: v.InferOutput<typeof DESCRIBED_FUNCTION>,
  code: string,
): FunctionState {
  return {
    name,
    runtime: answer.Runtime,
    handler: answer.Handler,
    timeout: answer.Timeout,
    memorySize: answer.MemorySize,
    installDependency: answer.InstallDependency === 'TRUE',
    variables: Object.fromEntries(answer.Environment.Variables.map(({ Key, Value }) => [Key, Value])),
    timers: answer.Triggers.filter(({ Type }) => Type === 'timer').map(timerOf),
    code,
    status: answer.Status,
  };
}

/** The schedule comes as it was given or wrapped in JSON; whether it is on, as a number or a word. */
function timerOf({ TriggerName, TriggerDesc, Enable }: v.InferOutput<typeof TRIGGER>): Timer {
  const wrapped = /"cron"\s*:\s*"([^"]+)"/.exec(TriggerDesc);
  return {
    name: TriggerName,
    config: wrapped?.[1] ?? TriggerDesc,
    enabled: ![0, '0', 'CLOSE', false].includes(Enable),
  };
}

const TRIGGER = v.object({
  TriggerName: v.string(),
  Type: v.string(),
  TriggerDesc: v.string(),
  Enable: v.nullish(v.union([v.number(), v.string(), v.boolean()]), 1),
});

const DESCRIBED_FUNCTION = v.object({
  Status: v.string(),
  Runtime: v.string(),
  Handler: v.string(),
  Timeout: v.number(),
  MemorySize: v.number(),
  InstallDependency: v.nullish(v.string(), 'FALSE'),
  Environment: v.nullish(
    v.object({ Variables: v.nullish(v.array(v.object({ Key: v.string(), Value: v.string() })), []) }),
    { Variables: [] },
  ),
  Triggers: v.nullish(v.array(TRIGGER), []),
});
