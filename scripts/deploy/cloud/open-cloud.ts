import CloudBase from '@cloudbase/manager-node';
import { checkEnvironment, ENVIRONMENT } from '../check/check-environment.ts';
import type { Machine } from '../machine.ts';
import type { Variables } from '../variables.ts';
import { ask } from './answers.ts';
import type { Cloud } from './cloud.ts';
import { cloudAccess } from './cloud-access.ts';
import { cloudDatabase } from './cloud-database.ts';
import { cloudDocuments } from './cloud-documents.ts';
import { cloudFunctions } from './cloud-functions.ts';

/** Opens the environment that the variables name, and sees that it is one we can deploy to. */
export async function openCloud(
  variables: Variables,
  { wait, processEnvironment, print }: Pick<Machine, 'wait' | 'processEnvironment' | 'print'>,
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
  // The library takes for granted what is checked here, and stumbles over what is not there.
  const answer = await ask(
    `find environment ${environmentId}`,
    () => cloudbase.env.describeEnvInfo({ EnvId: environmentId }),
    ENVIRONMENT,
  );
  checkEnvironment(answer, environmentId);
  const documents = cloudDocuments(cloudbase);
  return {
    ...documents,
    ...cloudDatabase(cloudbase, documents, wait),
    ...cloudFunctions(cloudbase, environmentId, { wait, print, proxy: processEnvironment.http_proxy }),
    ...cloudAccess(cloudbase, environmentId, wait),
  };
}
