import type { CollectionManifest, FunctionManifest, IndexManifest } from '../../manifest.ts';
import type { Bundle } from '../bundle.ts';
import type {
  Domain,
  EnvironmentState,
  FunctionState,
  InvokeRules,
  Route,
  Seeds,
  StoredDocument,
} from '../cloud/state.ts';
import { canonical } from '../json.ts';
import { usesWeChatPay, type Variables } from '../variables.ts';
import { isForeign } from './is-foreign.ts';

export interface Manifest {
  readonly runtime: string;
  readonly fallbackRuntime: string;
  readonly functions: readonly FunctionManifest[];
  readonly collections: readonly CollectionManifest[];
}

export interface WantedCollection {
  readonly name: string;
  readonly indexes: readonly IndexManifest[];
  /** Compact JSON. */
  readonly rule: string;
  /** Compact JSON: what phones with pages of an earlier release still need. */
  readonly earlierRule: string | undefined;
  readonly seed: readonly StoredDocument[];
}

export interface WantedFunction extends Omit<FunctionState, 'status'> {
  readonly zip: Uint8Array;
  /** For an environment that does not know `runtime`. */
  readonly fallbackRuntime: string;
  /** The path at which HTTP access reaches it, where anybody is to. */
  readonly path: string | undefined;
  /** It gives the notify URL to WeChat Pay, and there is none yet. */
  readonly awaitsNotifyUrl: boolean;
  /** What bears its name is its owner's and stays. */
  readonly isWithheld: boolean;
}

/** What should be in an environment. */
export interface WantedState {
  readonly collections: readonly WantedCollection[];
  /** Those that HTTP access reaches first: what they give out must be there before others give it on. */
  readonly functions: readonly WantedFunction[];
  readonly invokeRules: InvokeRules;
  readonly routes: readonly Route[];
  /** Undefined while it is to be taken from a route that does not exist yet. */
  readonly notifyUrl: string | undefined;
}

/** The code's entry: `main` of index.js, as DevTools expects it too. */
const HANDLER = 'index.main';

/**
 * What the manifest and the variables ask for. What was found matters in two places only: the domain of the route
 * (and with it the notify URL, when none is given), and variables or rules that are not ours, which are kept.
 */
export function wantedState(
  manifest: Manifest,
  given: {
    readonly variables: Variables;
    readonly bundles: readonly Bundle[];
    readonly seeds: Seeds;
    /** Whether functions of others that bear names of ours are to be replaced. */
    readonly takeOver: boolean;
  },
  found: EnvironmentState,
): WantedState {
  // Nobody sends notices to a shop that WeChat Pay does not know: a route would only let strangers in.
  const isNotified = usesWeChatPay(given.variables);
  const foreign = given.takeOver ? [] : found.functions.filter(isForeign).map(({ name }) => name);
  const ours = manifest.functions.filter(({ name }) => !foreign.includes(name));
  const routes = isNotified ? ours.flatMap((fn) => wantedRoute(fn, given.variables, found.domains)) : [];
  const notifyUrl = isNotified
    ? (given.variables.WECHAT_PAY_NOTIFY_URL ?? notifyUrlOf(routes, found) ?? notifyUrlInUse(found))
    : undefined;
  const variables = notifyUrl ? { ...given.variables, WECHAT_PAY_NOTIFY_URL: notifyUrl } : given.variables;
  const names = new Set(manifest.functions.flatMap((fn) => fn.environment));
  return {
    collections: manifest.collections.map(({ name, indexes, rule, earlierRule }) => ({
      name,
      indexes,
      rule: canonical(JSON.stringify(rule)),
      earlierRule: earlierRule && canonical(JSON.stringify(earlierRule)),
      seed: given.seeds.get(name) ?? [],
    })),
    functions: manifest.functions
      .toSorted((a, b) => Number(b.route !== undefined) - Number(a.route !== undefined))
      .map((fn) => {
        const theirs = found.functions.find(({ name }) => name === fn.name)?.variables ?? {};
        return {
          ...wantedFunction(fn, manifest, given.bundles),
          path: isNotified ? fn.route : undefined,
          awaitsNotifyUrl: isNotified && !notifyUrl && fn.environment.includes('WECHAT_PAY_NOTIFY_URL'),
          isWithheld: foreign.includes(fn.name),
          variables: { ...except(theirs, names), ...only(variables, fn.environment) },
        };
      }),
    invokeRules: wantedInvokeRules(ours, found.invokeRules),
    routes,
    notifyUrl,
  };
}

function wantedFunction(
  fn: FunctionManifest,
  { runtime, fallbackRuntime }: Manifest,
  bundles: readonly Bundle[],
): Omit<WantedFunction, 'variables' | 'awaitsNotifyUrl' | 'isWithheld' | 'path'> {
  const bundle = bundles.find(({ name }) => name === fn.name);
  if (!bundle) throw new Error(`no bundle of ${fn.name} was read`);
  return {
    name: fn.name,
    runtime,
    fallbackRuntime,
    handler: HANDLER,
    timeout: fn.timeout,
    memorySize: fn.memorySize,
    installDependency: false,
    timers: fn.trigger ? [{ ...fn.trigger, enabled: true }] : [],
    code: bundle.code,
    zip: bundle.zip,
  };
}

/** On the notify URL's own domain where the environment has it, else on a domain of one's own, else on the default one. */
function wantedRoute(fn: FunctionManifest, variables: Variables, domains: readonly Domain[]): Route[] {
  if (!fn.route) return [];
  const asked = variables.WECHAT_PAY_NOTIFY_URL
    ? new URL(variables.WECHAT_PAY_NOTIFY_URL).hostname
    : undefined;
  const usable = domains.filter(({ enabled }) => enabled);
  const domain =
    usable.find(({ name }) => name === asked) ?? usable.find(({ isDefault }) => !isDefault) ?? usable[0];
  if (!domain) return [];
  return [{ domain: domain.name, path: fn.route, functionName: fn.name, auth: false, enabled: true }];
}

/** The function whose address the notify URL is; that of refundNotify follows from it. */
const PAY_NOTIFY = 'payNotify';

/** Only a route that was read back gives a URL: what we hope to create is not handed to WeChat Pay. */
function notifyUrlOf(routes: readonly Route[], found: EnvironmentState): string | undefined {
  const standing = found.domains.flatMap((domain) => domain.routes);
  const route = routes.find(
    ({ domain, path, functionName }) =>
      functionName === PAY_NOTIFY &&
      standing.some(
        (other) => other.domain === domain && other.path === path && other.functionName === functionName,
      ),
  );
  return route && `https://${route.domain}${route.path}`;
}

/** While the route is out of order, what was given to a function before is still the best guess. */
const notifyUrlInUse = ({ functions }: EnvironmentState): string | undefined =>
  functions.flatMap(({ variables }) => variables.WECHAT_PAY_NOTIFY_URL ?? [])[0];

/** The platform's own spelling: whoever is logged in (in a mini-program, everybody), or no client at all. */
export const SHOPPERS = { invoke: 'auth != null' } as const;
export const NOBODY = { invoke: false } as const;

/**
 * Names every function of ours, so that whatever `*` says, shoppers reach theirs and nobody reaches the others. The platform
 * knows no operators: it lets every shopper through to what is theirs, and the function refuses who is none.
 */
function wantedInvokeRules(functions: readonly FunctionManifest[], found: InvokeRules): InvokeRules {
  const ours = functions.map(({ name, invoke }) => [name, invoke === 'nobody' ? NOBODY : SHOPPERS] as const);
  return { '*': SHOPPERS, ...found, ...Object.fromEntries(ours) };
}

const only = (variables: Variables, names: readonly string[]): Variables =>
  Object.fromEntries(Object.entries(variables).filter(([name]) => names.includes(name)));

const except = (variables: Variables, names: ReadonlySet<string>): Variables =>
  Object.fromEntries(Object.entries(variables).filter(([name]) => !names.has(name)));
