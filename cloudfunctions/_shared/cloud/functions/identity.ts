import * as v from 'valibot';

/** Who calls, as the platform says; the client has no say in it. */
export interface Identity {
  readonly openid?: string;
  readonly appid?: string;
  /** The shopper's address; sometimes the platform leaves it out. */
  readonly client_ip?: string;
  readonly environment?: string;
  /** Where the call comes from, as `wx_client`; a chain of calls is joined by commas. */
  readonly source?: string;
}

const ContextSchema = v.object({
  environment: v.optional(v.unknown()),
  environ: v.optional(v.unknown()),
  namespace: v.fallback(v.optional(v.string()), undefined),
});

/**
 * Reads who calls from this call's own context. The variables of the process are not asked: on a warm instance they
 * can still name the previous shopper. Undefined only when the context carries no environment at all; one that is there
 * and cannot be read, whatever it is, names nobody.
 */
export function identityOf(context: unknown): Identity | undefined {
  const read = v.safeParse(ContextSchema, context);
  if (!read.success) return undefined;
  const { environment, environ, namespace } = read.output;
  if (environment !== undefined) return fromVariables(variablesInJson(environment), namespace);
  if (environ !== undefined) return fromVariables(variablesInPairs(environ), namespace);
  return undefined;
}

/** The same words, as getWXContext() of wx-server-sdk gives them without their prefix. */
export function identityFromWXContext(wxContext: Readonly<Record<string, unknown>>): Identity {
  const prefixed = Object.entries(wxContext).map(([name, value]) => [
    name === 'ENV' ? 'TCB_ENV' : `WX_${name}`,
    value,
  ]);
  return fromVariables(Object.fromEntries(prefixed), undefined);
}

type Variables = Readonly<Record<string, unknown>>;

/** As new instances carry them. */
function variablesInJson(environment: unknown): Variables {
  if (typeof environment !== 'string') return {};
  try {
    const read = v.safeParse(v.record(v.string(), v.unknown()), JSON.parse(environment));
    return read.success ? read.output : {};
  } catch {
    return {};
  }
}

/** As old instances carry them: `K=V;K=V`. */
function variablesInPairs(environ: unknown): Variables {
  if (typeof environ !== 'string') return {};
  const pairs = environ.split(';').flatMap((pair) => {
    const end = pair.indexOf('=');
    return end < 0 ? [] : [[pair.slice(0, end), pair.slice(end + 1)] as const];
  });
  return Object.fromEntries(pairs);
}

function fromVariables(variables: Variables, namespace: string | undefined): Identity {
  const text = (name: string) => {
    const value = variables[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const found = {
    openid: text('WX_OPENID'),
    appid: text('WX_APPID'),
    client_ip: text('WX_CLIENTIP') ?? text('WX_CLIENTIPV6'),
    environment: text('TCB_ENV') ?? text('SCF_NAMESPACE') ?? namespace,
    source: text('TCB_SOURCE') ?? text('WX_SOURCE'),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}
