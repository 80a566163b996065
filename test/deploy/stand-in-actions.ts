import * as v from 'valibot';
import { type Account, type CloudFunction, ENVIRONMENT_ID } from './stand-in-account.ts';

/** What Tencent Cloud refuses, by its own code. */
export class Refusal extends Error {
  readonly code: string;
  constructor(code: string, message = code) {
    super(message);
    this.code = code;
  }
}

export type Action = (account: Account, body: unknown) => Readonly<Record<string, unknown>>;

/** An action whose body must have this shape, or the API would refuse it too. */
function action<T>(
  schema: v.GenericSchema<unknown, T>,
  run: (account: Account, body: T) => Readonly<Record<string, unknown>>,
): Action {
  return (account, body) => {
    const parsed = v.safeParse(schema, body);
    if (!parsed.success)
      throw new Refusal('InvalidParameter', `${v.getDotPath(parsed.issues[0])}: ${parsed.issues[0].message}`);
    return run(account, parsed.output);
  };
}

const EnvId = v.literal(ENVIRONMENT_ID, `no environment but ${ENVIRONMENT_ID}`);
const table = {
  EnvId,
  MongoConnector: v.object({ DatabaseName: v.literal('tnt-standin'), InstanceId: v.literal('flexdb') }),
};
const named = { Namespace: EnvId, FunctionName: v.string() };
const variables = v.object({ Variables: v.array(v.object({ Key: v.string(), Value: v.string() })) });

const ENVIRONMENT = {
  EnvId: ENVIRONMENT_ID,
  Status: 'NORMAL',
  Databases: [{ InstanceId: 'tnt-standin', Status: 'RUNNING', Region: 'ap-shanghai' }],
  Storages: [{ AppId: '1250000000', Bucket: 'standin-1250000000', Region: 'ap-shanghai' }],
  Functions: [{ Namespace: ENVIRONMENT_ID, Region: 'ap-shanghai' }],
  LogServices: [{ TopicId: 'topic', LogsetId: 'logset', Region: 'ap-shanghai' }],
};

function existingCollection(account: Account, name: string) {
  const collection = account.collections.get(name);
  if (!collection || collection.hidden-- > 0) throw new Refusal('ResourceNotFound.Table', 'Table not exist.');
  return collection;
}

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

const domain = v.object({
  EnvId,
  Domain: v.object({
    Domain: v.string(),
    Routes: v.array(
      v.strictObject({
        Path: v.pipe(v.string(), v.startsWith('/')),
        UpstreamResourceType: v.literal('SCF'),
        UpstreamResourceName: v.string(),
        EnableAuth: v.boolean(),
        Enable: v.boolean(),
      }),
    ),
  }),
});

const permission = v.object({
  EnvId,
  ResourceType: v.picklist(['collection', 'function']),
  Resource: v.optional(v.string()),
  Permission: v.literal('CUSTOM'),
  SecurityRule: v.pipe(
    v.string(),
    v.check((rule) => typeof JSON.parse(rule) === 'object'),
  ),
});

const query = v.object({
  find: v.string(),
  filter: v.object({ _id: v.object({ $in: v.array(v.string()) }) }),
});
const insert = v.object({ insert: v.string(), documents: v.array(v.looseObject({ _id: v.string() })) });

export const ACTIONS: Readonly<Record<string, Action>> = {
  DescribeEnvInfo: (_account, body) =>
    v.is(v.object({ EnvId }), body)
      ? { EnvInfo: { EnvBaseInfo: ENVIRONMENT, UserInfo: { AppId: '1250000000' } } }
      : { EnvInfo: null },
  DescribeEnvs: () => ({ EnvList: [ENVIRONMENT] }),

  DescribeTable: action(v.object({ ...table, TableName: v.string() }), (account, { TableName }) => ({
    Indexes: [
      { Name: '_id_', Unique: true, Keys: [{ Name: '_id', Direction: '1' }] },
      ...existingCollection(account, TableName).indexes,
    ],
  })),
  CreateTable: action(v.object({ ...table, TableName: v.string() }), (account, { TableName }) => {
    if (account.collections.has(TableName))
      throw new Refusal('ResourceUnavailable.ResourceExist', 'Table exist.');
    const rule = { Permission: 'PRIVATE', SecurityRule: '' };
    account.collections.set(TableName, { indexes: [], documents: new Map(), rule, hidden: 2 });
    return {};
  }),
  UpdateTable: action(
    v.strictObject({
      ...table,
      TableName: v.string(),
      CreateIndexes: v.array(
        v.strictObject({
          IndexName: v.string(),
          MgoKeySchema: v.strictObject({
            MgoIsUnique: v.boolean(),
            MgoIndexKeys: v.array(v.strictObject({ Name: v.string(), Direction: v.picklist(['1', '-1']) })),
          }),
        }),
      ),
    }),
    (account, { TableName, CreateIndexes }) => {
      const { indexes } = existingCollection(account, TableName);
      if (account.indexesBusy-- > 0) throw new Refusal('ResourceInUse.IndexCreating', 'index is creating');
      for (const { IndexName, MgoKeySchema } of CreateIndexes) {
        indexes.push({ Name: IndexName, Unique: MgoKeySchema.MgoIsUnique, Keys: MgoKeySchema.MgoIndexKeys });
      }
      return {};
    },
  ),
  RunCommands: action(
    v.object({
      ...table,
      MgoCommands: v.tuple([
        v.object({ TableName: v.string(), CommandType: v.string(), Command: v.string() }),
      ]),
    }),
    (account, { MgoCommands: [{ TableName, CommandType, Command }] }) => {
      const { documents } = existingCollection(account, TableName);
      if (CommandType === 'QUERY') {
        const { filter } = v.parse(query, JSON.parse(Command));
        const found = filter._id.$in
          .filter((_id) => documents.has(_id))
          .map((_id) => JSON.stringify({ _id }));
        return { Data: [JSON.stringify(found)] };
      }
      if (CommandType !== 'INSERT') throw new Refusal('InvalidParameter', CommandType);
      for (const document of v.parse(insert, JSON.parse(Command)).documents) {
        if (documents.has(document._id)) throw new Refusal('FailedOperation', 'E11000 duplicate key error');
        documents.set(document._id, document);
      }
      return { Data: [JSON.stringify({ n: 1, ok: 1 })] };
    },
  ),

  ModifyResourcePermission: action(
    permission,
    (account, { ResourceType, Resource = '', Permission, SecurityRule }) => {
      if (ResourceType === 'function') account.functionRules = SecurityRule;
      else existingCollection(account, Resource).rule = { Permission, SecurityRule };
      return { Data: { Success: true } };
    },
  ),
  DescribeResourcePermission: action(
    v.object({
      EnvId,
      ResourceType: v.picklist(['collection', 'function']),
      Resources: v.optional(v.array(v.string()), []),
    }),
    ({ functionRules, collections }, { ResourceType, Resources }) => {
      const list =
        ResourceType === 'function'
          ? functionRules
            ? [{ ResourceType, Permission: 'CUSTOM', SecurityRule: functionRules }]
            : []
          : Resources.flatMap((Resource) => {
              const collection = collections.get(Resource);
              return collection ? [{ ResourceType, Resource, ...collection.rule }] : [];
            });
      return { Data: { TotalCount: list.length, PermissionList: list } };
    },
  ),

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
    existingFunction(account, FunctionName);
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
  UpdateFunctionConfiguration: action(
    v.object({
      ...named,
      Timeout: v.number(),
      MemorySize: v.number(),
      InstallDependency: v.optional(v.string()),
      Environment: v.optional(variables),
    }),
    (account, { FunctionName, Timeout, MemorySize, InstallDependency, Environment }) => {
      const found = idleFunction(account, FunctionName);
      found.timeout = Timeout;
      found.memorySize = MemorySize;
      if (InstallDependency) found.installDependency = InstallDependency;
      if (Environment) found.variables = Environment.Variables;
      found.pending = 1;
      return {};
    },
  ),
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

  DescribeCloudBaseGWService: action(v.object({ ServiceId: EnvId }), ({ gateway }) => ({
    EnableService: gateway,
    ServiceSet: [],
  })),
  DescribeHTTPServiceRoute: action(v.object({ EnvId }), ({ domains }) => ({
    Domains: domains,
    TotalCount: domains.length,
  })),
  CreateHTTPServiceRoute: action(domain, ({ domains }, { Domain }) => {
    domains.find((other) => other.Domain === Domain.Domain)?.Routes.push(...Domain.Routes);
    return {};
  }),
  ModifyHTTPServiceRoute: action(domain, ({ domains }, { Domain }) => {
    const routes = domains.find((other) => other.Domain === Domain.Domain)?.Routes ?? [];
    for (const route of Domain.Routes)
      Object.assign(routes.find(({ Path }) => Path === route.Path) ?? {}, route);
    return {};
  }),
};
