import * as v from 'valibot';
import type { Account, CloudFunction } from './stand-in-account.ts';
import { type Action, action, EnvId, Refusal } from './stand-in-action.ts';
import { runFunction } from './stand-in-code.ts';

const named = { Namespace: EnvId, FunctionName: v.string() };
const variables = v.object({ Variables: v.array(v.object({ Key: v.string(), Value: v.string() })) });

function existingFunction(account: Account, name: string): CloudFunction {
  const found = account.functions.get(name);
  if (!found) throw new Refusal('ResourceNotFound.FunctionName', `FunctionName ${name} not found`);
  return found;
}

function idleFunction(account: Account, name: string): CloudFunction {
  const found = existingFunction(account, name);
  if (found.pending > 0) throw new Refusal('ResourceInUse.Updating', `${name} is being updated`);
  return found;
}

const notRecognized = (parameter: string): Refusal =>
  new Refusal('UnknownParameter', `The parameter \`${parameter}\` is not recognized.`);

const SETTINGS = v.object({
  FunctionName: v.string(),
  Timeout: v.number(),
  MemorySize: v.number(),
  InstallDependency: v.optional(v.string()),
  Environment: v.optional(variables),
});

function updateSettings(
  account: Account,
  { FunctionName, Timeout, MemorySize, InstallDependency, Environment }: v.InferOutput<typeof SETTINGS>,
): Readonly<Record<string, unknown>> {
  const found = idleFunction(account, FunctionName);
  found.timeout = Timeout;
  found.memorySize = MemorySize;
  if (InstallDependency) found.installDependency = InstallDependency;
  if (Environment) found.variables = Environment.Variables;
  found.pending = 1;
  return {};
}

const updateFromScf = action(v.object({ ...SETTINGS.entries, Namespace: EnvId }), updateSettings);
const updateFromTcb = action(v.object({ ...SETTINGS.entries, EnvId }), updateSettings);

/** Functions, their code and their timers. */
export const FUNCTION_ACTIONS: Readonly<Record<string, Action>> = {
  GetFunction: action(v.object(named), (account, { FunctionName }) => {
    const found = existingFunction(account, FunctionName);
    return {
      FunctionName,
      Status: found.pending-- > 0 ? 'Updating' : found.status,
      Runtime: found.runtime,
      Handler: found.handler,
      Timeout: found.timeout,
      MemorySize: found.memorySize,
      InstallDependency: found.installDependency,
      Environment: { Variables: found.variables },
      Triggers: found.triggers,
    };
  }),
  GetFunctionAddress: action(v.object(named), (account, { FunctionName }) => {
    if (existingFunction(account, FunctionName).status === 'CreateFailed')
      throw new Refusal('FailedOperation.Code');
    return { Url: `https://standin-1250000000.cos.ap-shanghai.myqcloud.com/${FunctionName}.zip` };
  }),
  CreateFunction: action(
    v.object({
      ...named,
      Role: v.literal('TCB_QcsRole'),
      Stamp: v.literal('MINI_QCBASE'),
      Handler: v.string(),
      Runtime: v.string(),
      Timeout: v.number(),
      MemorySize: v.number(),
      InstallDependency: v.string(),
      Environment: v.optional(variables, { Variables: [] }),
      Code: v.object({ ZipFile: v.string() }),
    }),
    (account, body) => {
      if (!account.runtimes.includes(body.Runtime))
        throw new Refusal('InvalidParameterValue.Runtime', `Runtime ${body.Runtime} is not supported`);
      if (account.functions.has(body.FunctionName)) throw new Refusal('ResourceInUse.FunctionName', 'in use');
      account.functions.set(body.FunctionName, {
        runtime: body.Runtime,
        handler: body.Handler,
        timeout: body.Timeout,
        memorySize: body.MemorySize,
        installDependency: body.InstallDependency,
        variables: body.Environment.Variables,
        zip: Buffer.from(body.Code.ZipFile, 'base64'),
        status: 'Active',
        pending: 1,
        triggers: [],
      });
      return {};
    },
  ),
  UpdateFunctionCode: action(
    v.object({
      ...named,
      Handler: v.string(),
      InstallDependency: v.string(),
      Code: v.object({ ZipFile: v.string() }),
    }),
    (account, { FunctionName, InstallDependency, Code }) => {
      const found = idleFunction(account, FunctionName);
      found.zip = Buffer.from(Code.ZipFile, 'base64');
      found.installDependency = InstallDependency;
      found.pending = 1;
      return {};
    },
  ),
  'scf UpdateFunctionConfiguration': (account, body) => {
    if (account.settingsService !== 'scf') throw notRecognized('Namespace');
    return updateFromScf(account, body);
  },
  'tcb UpdateFunctionConfiguration': (account, body) => {
    if (account.settingsService !== 'tcb')
      throw new Refusal('InvalidAction', 'The action is not of this service');
    if (typeof body === 'object' && body !== null && 'Namespace' in body) throw notRecognized('Namespace');
    return updateFromTcb(account, body);
  },
  BatchCreateTrigger: action(
    v.object({
      ...named,
      Triggers: v.pipe(
        v.string(),
        v.parseJson(),
        v.array(v.object({ TriggerName: v.string(), Type: v.literal('timer'), TriggerDesc: v.string() })),
      ),
    }),
    (account, { FunctionName, Triggers }) => {
      const { triggers } = idleFunction(account, FunctionName);
      for (const trigger of Triggers) {
        const standing = triggers.find(({ TriggerName }) => TriggerName === trigger.TriggerName);
        if (standing) Object.assign(standing, trigger, { Enable: 1 });
        else triggers.push({ ...trigger, Enable: 1 });
      }
      return {};
    },
  ),

  Invoke: action(
    v.object({ ...named, ClientContext: v.optional(v.string(), '{}') }),
    async (account, { FunctionName, ClientContext }) => {
      const called = existingFunction(account, FunctionName);
      const run = account.elsewhere.get(FunctionName) ?? ((event: unknown) => runFunction(called, event));
      try {
        const returned = await run(JSON.parse(ClientContext));
        return { Result: { InvokeResult: 0, ErrMsg: '', RetMsg: JSON.stringify(returned) } };
      } catch (error) {
        return { Result: { InvokeResult: -1, ErrMsg: String(error), RetMsg: '' } };
      }
    },
  ),

  // Here so that a deployment which deletes would be seen to.
  DescribeCloudBaseGWAPI: () => ({
    APISet: [{ Name: 'checkOrder', Type: 1, Path: '/checkOrder', APIId: 'api-1' }],
  }),
  DeleteCloudBaseGWAPI: () => ({}),
  DeleteFunction: action(v.object(named), (account, { FunctionName }) => {
    account.functions.delete(FunctionName);
    return {};
  }),
};
