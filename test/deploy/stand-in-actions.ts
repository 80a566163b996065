import * as v from 'valibot';
import { ACCESS_ACTIONS } from './stand-in-access.ts';
import { ENVIRONMENT_ID } from './stand-in-account.ts';
import { type Action, EnvId } from './stand-in-action.ts';
import { DATABASE_ACTIONS } from './stand-in-database.ts';
import { FUNCTION_ACTIONS } from './stand-in-functions.ts';

const ENVIRONMENT = {
  EnvId: ENVIRONMENT_ID,
  Status: 'NORMAL',
  Databases: [{ InstanceId: 'tnt-standin', Status: 'RUNNING', Region: 'ap-shanghai' }],
  Storages: [{ AppId: '1250000000', Bucket: 'standin-1250000000', Region: 'ap-shanghai' }],
  Functions: [{ Namespace: ENVIRONMENT_ID, Region: 'ap-shanghai' }],
  LogServices: [{ TopicId: 'topic', LogsetId: 'logset', Region: 'ap-shanghai' }],
};

/** Every action that the stand-in knows, with its service where two have it; the CLI, with its older library, asks for DescribeEnvs. */
export const ACTIONS: Readonly<Record<string, Action>> = {
  DescribeEnvInfo: (account, body) =>
    v.is(v.object({ EnvId }), body)
      ? {
          EnvInfo: {
            EnvBaseInfo: { ...ENVIRONMENT, ...account.environment },
            UserInfo: { AppId: '1250000000' },
          },
        }
      : { EnvInfo: null },
  DescribeEnvs: () => ({ EnvList: [ENVIRONMENT] }),

  ...DATABASE_ACTIONS,
  ...FUNCTION_ACTIONS,
  ...ACCESS_ACTIONS,
};
