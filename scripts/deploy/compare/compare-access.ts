import { isDeepStrictEqual } from 'node:util';
import type { EnvironmentState, Route } from '../cloud/state.ts';
import { ABSENT, byHand, NOT_WANTED, type Row, row, type Step } from './row.ts';
import { NOBODY, SHOPPERS, type WantedFunction, type WantedState } from './wanted.ts';

/** What `--only` calls the rules that say who may call functions: they are one setting for the whole environment. */
export const INVOKE_RULES = 'invoke rules';

/** How HTTP access reaches a function, for those that it should reach. */
export function routeRows(
  { name, path }: WantedFunction,
  wanted: WantedState,
  found: EnvironmentState,
): Row[] {
  if (!path) return strayRoutes(name, found);
  const gateway = row(name, 'HTTP access', ['on', found.gateway ? 'on' : 'off'], SWITCH_ON);
  const route = wanted.routes.find(({ functionName }) => functionName === name);
  if (!route) return [gateway, row(name, 'route', ['on a domain', 'no domain'], SWITCH_ON)];
  const there = found.domains
    .flatMap(({ routes }) => routes)
    .find((other) => other.domain === route.domain && other.path === route.path);
  return [
    gateway,
    row(name, 'route', [showRoute(route), there ? showRoute(there) : ABSENT], routeStep(route, there)),
  ];
}

/** A function that needs no route, and has one, answers the whole internet. */
function strayRoutes(name: string, { domains }: EnvironmentState): Row[] {
  const routes = domains.flatMap(({ routes }) => routes).filter(({ functionName }) => functionName === name);
  return routes.map((route) => row(name, 'route', [NOT_WANTED, showRoute(route)], deleteRoute(route)));
}

/** One line for each function, so that the one which is open to everybody is seen. */
export function invokeRows({ invokeRules }: WantedState, found: EnvironmentState): Row[] {
  const step: Step = { kind: 'set invoke rules', rules: JSON.stringify(invokeRules) };
  return Object.keys(invokeRules).map((name) =>
    row(INVOKE_RULES, name, [showInvoke(invokeRules[name]), showInvoke(found.invokeRules[name])], step),
  );
}

/** Switching it on opens every route of the environment to the world, so its owner does that. */
const SWITCH_ON = byHand(
  'HTTP access is off, so WeChat Pay would be answered 403 HTTPSERVICE_NONACTIVATED. ' +
    'Switch it on (CloudBase console, HTTP Access 云接入) and run this again',
);

function routeStep(route: Route, there: Route | undefined): Step {
  if (!there) return { kind: 'create route', route };
  if (there.functionName === route.functionName) return { kind: 'change route', route };
  return byHand(
    `${route.domain}${route.path} leads to ${there.functionName}. Free the path (console, HTTP Access 云接入) and run this again`,
  );
}

const deleteRoute = ({ domain, path, functionName }: Route): Step =>
  byHand(
    `${domain}${path} leads to ${functionName}, which needs no route (scripts/manifest.ts; notices only with WECHAT_PAY_MCH_ID). Delete it ` +
      '(console, HTTP Access 云接入), or add it to the manifest if it is wanted',
  );

const showRoute = ({ domain, path, functionName, auth, enabled }: Route): string =>
  `${domain}${path} to ${functionName}${auth ? ', login asked' : ''}${enabled ? '' : ', off'}`;

function showInvoke(rule: unknown): string {
  if (rule === undefined) return ABSENT;
  if (isDeepStrictEqual(rule, SHOPPERS)) return 'shoppers';
  return isDeepStrictEqual(rule, NOBODY) ? 'nobody' : JSON.stringify(rule);
}
