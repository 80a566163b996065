import type CloudBase from '@cloudbase/manager-node';
import pMap from 'p-map';
import * as v from 'valibot';
import type { WantedFunction } from '../compare/wanted.ts';
import { DeployError } from '../errors.ts';
import { type Print, printable } from '../print.ts';
import { ask, CALLS_AT_ONCE, done, unlessMissing } from './answers.ts';
import type { CloudFunctions } from './cloud.ts';
import { DOWNLOAD_BYTES_MAX, deployedCode } from './deployed-code.ts';
import { DESCRIBED_FUNCTION, stateOf } from './described-function.ts';
import { download } from './download.ts';
import { until, type Wait } from './poll.ts';
import { CREATE_FAILED } from './state.ts';

const NO_FUNCTION = /^ResourceNotFound\.Function/;

/**
 * Functions and timers, by @cloudbase/manager-node. The CLI could do this too, but it exits with 0 when the cloud refused,
 * wants a login that it writes to disk in plain text, and carries an older copy of the same library.
 */
export function cloudFunctions(
  cloudbase: CloudBase,
  environmentId: string,
  { wait, print, proxy }: { readonly wait: Wait; readonly print: Print; readonly proxy: string | undefined },
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

  const create = (wanted: WantedFunction): Promise<void> =>
    send('create function', wanted.name, () =>
      functions.createFunction({ func: request(wanted), base64Code: base64(wanted) }),
    );

  /**
   * The vendor's own tool went over to this endpoint in November 2026, when the other one began to refuse parameters. The
   * library has not followed.
   */
  const updateThroughTcb = ({ name, timeout, memorySize, variables }: WantedFunction): Promise<unknown> =>
    cloudbase.commonService('tcb').call({
      Action: 'UpdateFunctionConfiguration',
      Param: {
        EnvId: environmentId,
        FunctionName: name,
        Timeout: timeout,
        MemorySize: memorySize,
        InstallDependency: 'FALSE',
        Environment: { Variables: Object.entries(variables).map(([Key, Value]) => ({ Key, Value })) },
      },
    });

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

    async createFunction(wanted) {
      try {
        await create(wanted);
      } catch (error) {
        if (!isRefused(error, RUNTIME_UNKNOWN)) throw error;
        print(`${wanted.runtime} is refused here, so ${wanted.name} is created on ${wanted.fallbackRuntime}`);
        await create({ ...wanted, runtime: wanted.fallbackRuntime });
      }
    },

    updateCode: (wanted) =>
      send('update the code of', wanted.name, () =>
        functions.updateFunctionCode({ func: request(wanted), base64Code: base64(wanted) }),
      ),

    async updateSettings(wanted) {
      try {
        await send('update the settings of', wanted.name, () =>
          functions.updateFunctionConfig(request(wanted)),
        );
      } catch (error) {
        if (!isRefused(error, PARAMETER_UNKNOWN)) throw error;
        await send('update the settings of', wanted.name, () => updateThroughTcb(wanted));
      }
    },

    async createTimer(name, { name: timer, config }) {
      try {
        await send('create the timer of', name, () =>
          functions.createFunctionTriggers(name, [{ name: timer, type: 'timer', config }]),
        );
      } catch (error) {
        throw error instanceof DeployError ? refusedTimer(name, error) : error;
      }
    },

    async invoke(name, event) {
      const doing = `call function ${name}`;
      const {
        Result: { InvokeResult, ErrMsg, RetMsg },
      } = await ask(
        doing,
        // The library's own way loses the code of a refusal.
        () =>
          cloudbase.commonService('scf').call({
            Action: 'Invoke',
            Param: { FunctionName: name, Namespace: environmentId, ClientContext: JSON.stringify(event) },
          }),
        INVOKED,
      );
      if (InvokeResult !== 0) {
        throw new DeployError('FUNCTION_FAILED', `Could not ${doing}: ${printable(ErrMsg || RetMsg)}`, {
          wayOut: `See its logs (CloudBase console, Cloud Functions 云函数, ${name}, Logs 日志)`,
        });
      }
      return v.parse(RETURNED, RetMsg);
    },
  };

  /**
   * What the cloud runs, not what it was sent. The vendor's own download unpacks every name it finds into a folder; ours
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

/** 0 where the function returned; what it returned comes as JSON, and nothing as an empty text. */
const INVOKED = v.object({
  Result: v.object({
    InvokeResult: v.number(),
    ErrMsg: v.nullish(v.string(), ''),
    RetMsg: v.nullish(v.string(), ''),
  }),
});
const RETURNED = v.fallback(v.pipe(v.string(), v.parseJson()), undefined);

/** The runtime that was asked for, among whatever else the codes say. */
const RUNTIME_UNKNOWN = { code: /^(InvalidParameter|Unsupported)/, text: /runtime/i };
const PARAMETER_UNKNOWN = {
  code: /^UnknownParameter|^InvalidParameter/,
  text: /UnknownParameter|not recogni[sz]ed/i,
};

const isRefused = (error: unknown, { code, text }: { code: RegExp; text: RegExp }): boolean =>
  error instanceof DeployError && code.test(error.code) && text.test(`${error.code} ${error.message}`);

/** Nobody knows whether a timer of that name is replaced, or in the way. */
const refusedTimer = (name: string, error: DeployError): DeployError =>
  new DeployError('TIMER_REFUSED', error.message, {
    wayOut:
      `${error.wayOut}. If it stays so, delete the trigger in the console (Cloud Functions 云函数, ${name}, Triggers 触发管理) ` +
      'and run this again',
    cause: error,
  });

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
