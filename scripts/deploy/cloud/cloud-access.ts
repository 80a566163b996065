import { isDeepStrictEqual } from 'node:util';
import type CloudBase from '@cloudbase/manager-node';
import * as v from 'valibot';
import { ask, done } from './answers.ts';
import type { CloudAccess } from './cloud.ts';
import { until, type Wait } from './poll.ts';
import type { Domain, Route } from './state.ts';

/** Far more domains than an environment may have. */
const DOMAINS_MAX = 100;

/** HTTP access and the rules for calling functions, by @cloudbase/manager-node. */
export function cloudAccess(cloudbase: CloudBase, environmentId: string, wait: Wait): CloudAccess {
  const readDomains = async (): Promise<readonly Domain[]> => {
    const { Domains } = await ask(
      'read the HTTP routes',
      () => cloudbase.env.describeHttpServiceRoute({ EnvId: environmentId, Limit: DOMAINS_MAX }),
      ROUTES,
    );
    // Static hosting has a default domain too; no function answers under it.
    return Domains.filter(({ DomainType }) => DomainType === 'HTTPSERVICE').map((domain) => ({
      name: domain.Domain,
      isDefault: domain.IsDefault,
      enabled: domain.Enable,
      routes: domain.Routes.map((route) => ({
        domain: domain.Domain,
        path: route.Path,
        functionName: route.UpstreamResourceName,
        auth: route.EnableAuth,
        enabled: route.Enable,
      })),
    }));
  };

  const untilThere = (wanted: Route) =>
    until(
      readDomains,
      (domains) => domains.some(({ routes }) => routes.some((route) => isDeepStrictEqual(route, wanted))),
      { wait },
    );

  return {
    async readAccess() {
      const { EnableService } = await ask(
        'see whether HTTP access is on',
        () => cloudbase.access.getDomainList(),
        v.object({ EnableService: v.nullish(v.boolean(), true) }),
      );
      return { gateway: EnableService, domains: await readDomains() };
    },

    async createRoute(route) {
      await ask(
        `create the route ${route.path}`,
        () => cloudbase.env.createHttpServiceRoute({ EnvId: environmentId, Domain: routeRequest(route) }),
        done,
      );
      await untilThere(route);
    },

    async changeRoute(route) {
      await ask(
        `change the route ${route.path}`,
        () => cloudbase.env.modifyHttpServiceRoute({ EnvId: environmentId, Domain: routeRequest(route) }),
        done,
      );
      await untilThere(route);
    },

    async readInvokeRules() {
      const { Data } = await ask(
        'read who may call functions',
        () => cloudbase.permission.describeResourcePermission({ resourceType: 'function' }),
        FUNCTION_PERMISSIONS,
      );
      return parseRules(Data.PermissionList[0]?.SecurityRule ?? '');
    },

    async setInvokeRules(rules) {
      await ask(
        'set who may call functions',
        () =>
          cloudbase.permission.modifyResourcePermission({
            resourceType: 'function',
            permission: 'CUSTOM',
            securityRule: rules,
          }),
        done,
      );
    },
  };
}

function routeRequest({ domain, path, functionName, auth, enabled }: Route) {
  return {
    Domain: domain,
    Routes: [
      {
        Path: path,
        UpstreamResourceType: 'SCF' as const,
        UpstreamResourceName: functionName,
        EnableAuth: auth,
        Enable: enabled,
      },
    ],
  };
}

/** Text that is no JSON object holds no rule of anybody's that we could keep. */
function parseRules(text: string): Record<string, unknown> {
  if (!text.trim()) return {};
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown())), text);
  return parsed.success ? parsed.output : {};
}

const FUNCTION_PERMISSIONS = v.object({
  Data: v.object({
    PermissionList: v.nullish(v.array(v.object({ SecurityRule: v.nullish(v.string(), '') })), []),
  }),
});

const ROUTES = v.object({
  Domains: v.nullish(
    v.array(
      v.object({
        Domain: v.string(),
        DomainType: v.nullish(v.string(), 'HTTPSERVICE'),
        IsDefault: v.nullish(v.boolean(), false),
        Enable: v.nullish(v.boolean(), true),
        Routes: v.nullish(
          v.array(
            v.object({
              Path: v.string(),
              UpstreamResourceName: v.string(),
              EnableAuth: v.nullish(v.boolean(), false),
              Enable: v.nullish(v.boolean(), true),
            }),
          ),
          [],
        ),
      }),
    ),
    [],
  ),
});
