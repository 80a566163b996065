import CloudBase from '@cloudbase/manager-node';
import * as v from 'valibot';
import { ask } from './answers.ts';
import type { Cloud } from './cloud.ts';
import { cloudAccess } from './cloud-access.ts';
import { cloudDatabase } from './cloud-database.ts';
import { cloudFunctions } from './cloud-functions.ts';
import { DeployError } from './errors.ts';
import type { Machine } from './machine.ts';
import type { Variables } from './variables.ts';

/** Opens the environment that the variables name, and sees that it is one we can deploy to. */
export async function openCloud(
  variables: Variables,
  { wait, processEnvironment }: Pick<Machine, 'wait' | 'processEnvironment'>,
): Promise<Cloud> {
  const environmentId = variables.CLOUDBASE_ENV_ID ?? '';
  const region = variables.TENCENTCLOUD_REGION;
  const token = variables.TENCENTCLOUD_SESSIONTOKEN;
  const cloudbase = new CloudBase({
    secretId: variables.TENCENTCLOUD_SECRETID ?? '',
    secretKey: variables.TENCENTCLOUD_SECRETKEY ?? '',
    envId: environmentId,
    ...(token ? { token } : {}),
    ...(region ? { region } : {}),
  });
  await checkEnvironment(cloudbase, environmentId);
  return {
    ...cloudDatabase(cloudbase, wait),
    ...cloudFunctions(cloudbase, environmentId, { wait, proxy: processEnvironment.http_proxy }),
    ...cloudAccess(cloudbase, environmentId, wait),
  };
}

/** The library takes all this for granted and stumbles over what is not there. */
async function checkEnvironment(cloudbase: CloudBase, environmentId: string): Promise<void> {
  const answer = await ask(
    `find environment ${environmentId}`,
    () => cloudbase.env.describeEnvInfo({ EnvId: environmentId }),
    ENVIRONMENT,
  );
  const base = answer.EnvInfo?.EnvBaseInfo;
  if (!base?.EnvId) {
    throw new DeployError('ENVIRONMENT_NOT_FOUND', `There is no environment ${environmentId} for this key`, {
      wayOut:
        'Compare CLOUDBASE_ENV_ID (or --env) with the CloudBase console, Overview; the key must be of the same account',
    });
  }
  if (!base.Databases?.[0] || !base.Functions?.[0] || !base.Storages) {
    throw new DeployError(
      'ENVIRONMENT_INCOMPLETE',
      `${environmentId} lacks its document database, cloud functions or storage`,
      {
        wayOut:
          'Open them once in the CloudBase console (Database, Cloud Functions, Storage), wait a minute, and run this again',
      },
    );
  }
}

const ENVIRONMENT = v.object({
  EnvInfo: v.nullish(
    v.object({
      EnvBaseInfo: v.nullish(
        v.object({
          EnvId: v.nullish(v.string()),
          Databases: v.nullish(v.array(v.object({ InstanceId: v.string() }))),
          Functions: v.nullish(v.array(v.object({ Namespace: v.string() }))),
          Storages: v.nullish(v.array(v.unknown())),
        }),
      ),
    }),
  ),
});
