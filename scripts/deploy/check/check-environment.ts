import * as v from 'valibot';
import { DeployError } from '../errors.ts';

/**
 * Sees that an environment is one that we can deploy to, before anything else is asked of it.
 * @param answer what DescribeEnvInfo says of it
 * @throws DeployError ENVIRONMENT_NOT_FOUND, ENVIRONMENT_POSTGRESQL, ENVIRONMENT_POLICIES, ENVIRONMENT_INCOMPLETE
 */
export function checkEnvironment(answer: v.InferOutput<typeof ENVIRONMENT>, environmentId: string): void {
  const base = answer.EnvInfo?.EnvBaseInfo;
  if (!base?.EnvId) {
    throw new DeployError('ENVIRONMENT_NOT_FOUND', `There is no environment ${environmentId} for this key`, {
      wayOut:
        'Compare CLOUDBASE_ENV_ID (or --env) with the CloudBase console, Overview; the key must be of the same account',
    });
  }
  const meta = new Map(base.Meta?.map(({ Key, Value }) => [Key.toLowerCase(), Value.toLowerCase()]));
  // The vendor's own tools go by each of these; an environment may lack some.
  const isPostgresql =
    base.RuntimeMode?.toLowerCase() === 'postgresql' ||
    (base.PostgreSQL?.length ?? 0) > 0 ||
    meta.get('postgresql') === 'enable' ||
    meta.get('postgre_sql') === 'enable';
  if (isPostgresql) {
    throw new DeployError('ENVIRONMENT_POSTGRESQL', `${environmentId} is an environment of PostgreSQL kind`, {
      wayOut: `The rules that guard orders and functions cannot be set there. ${CLASSIC}`,
    });
  }
  if (meta.get('authz_engine') === 'opa') {
    throw new DeployError('ENVIRONMENT_POLICIES', `${environmentId} goes by authorization policies (OPA)`, {
      wayOut: `The rules that guard orders and functions would be set and not be in force. ${CLASSIC}`,
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

export const CLASSIC =
  'Create an environment with the document database 文档型数据库 (not PostgreSQL), write its ID into CLOUDBASE_ENV_ID, ' +
  'and run this again';

export const ENVIRONMENT = v.object({
  EnvInfo: v.nullish(
    v.object({
      EnvBaseInfo: v.nullish(
        v.object({
          EnvId: v.nullish(v.string()),
          Databases: v.nullish(v.array(v.object({ InstanceId: v.string() }))),
          Functions: v.nullish(v.array(v.object({ Namespace: v.string() }))),
          Storages: v.nullish(v.array(v.unknown())),
          RuntimeMode: v.nullish(v.string()),
          // Its shape is not documented, and only whether there is something in it matters.
          PostgreSQL: v.nullish(
            v.union([
              v.array(v.unknown()),
              v.pipe(v.record(v.string(), v.unknown()), v.transform(Object.keys)),
            ]),
          ),
          Meta: v.nullish(v.array(v.object({ Key: v.string(), Value: v.string() }))),
        }),
      ),
    }),
  ),
});
