import * as v from 'valibot';
import { type Action, action, EnvId, existingCollection } from './stand-in-action.ts';

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

/** HTTP access, and the rules of who may read, write and call. */
export const ACCESS_ACTIONS: Readonly<Record<string, Action>> = {
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

  DescribeCloudBaseGWService: action(v.object({ ServiceId: EnvId }), ({ gateway }) => ({
    EnableService: gateway,
    ServiceSet: [],
  })),
  DescribeHTTPServiceRoute: action(v.object({ EnvId }), (account) => {
    const isLate = account.domainsBefore.length > 0 && account.routesLate-- > 0;
    const Domains = isLate ? account.domainsBefore : account.domains;
    return { Domains, TotalCount: Domains.length };
  }),
  CreateHTTPServiceRoute: action(domain, ({ domains }, { Domain }) => {
    domains.find((other) => other.Domain === Domain.Domain)?.Routes.push(...Domain.Routes);
    return {};
  }),
  ModifyHTTPServiceRoute: action(domain, (account, { Domain }) => {
    const { domains } = account;
    account.domainsBefore = structuredClone(domains);
    const routes = domains.find((other) => other.Domain === Domain.Domain)?.Routes ?? [];
    for (const route of Domain.Routes)
      Object.assign(routes.find(({ Path }) => Path === route.Path) ?? {}, route);
    return {};
  }),
};
