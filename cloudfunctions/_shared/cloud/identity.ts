import * as v from 'valibot';

/** Who calls, as the platform says; the client has no say in it. */
export interface Identity {
  readonly openid?: string;
  readonly appid?: string;
  /** The shopper's address; sometimes the platform leaves it out. */
  readonly client_ip?: string;
  readonly environment?: string;
}

const ContextSchema = v.object({
  environment: v.optional(v.string()),
  environ: v.optional(v.string()),
  namespace: v.optional(v.string()),
});

/**
 * Reads who calls from this call's own context. The variables of the process are not asked: on a warm instance they
 * can still name the previous shopper. Undefined when the context carries no environment at all.
 */
export function identityOf(context: unknown): Identity | undefined {
  const read = v.safeParse(ContextSchema, context);
  if (!read.success) return undefined;
  const variables = variablesOf(read.output);
  return variables && fromVariables(variables, read.output.namespace);
}

/** The same words, as getWXContext() of wx-server-sdk gives them without their prefix. */
export function identityFromWXContext(wxContext: Readonly<Record<string, unknown>>): Identity {
  const prefixed = Object.entries(wxContext).map(([name, value]) => [
    name === 'ENV' ? 'TCB_ENV' : `WX_${name}`,
    value,
  ]);
  return fromVariables(Object.fromEntries(prefixed), undefined);
}

/** New instances carry JSON, old ones `K=V;K=V`. */
function variablesOf({ environment, environ }: v.InferOutput<typeof ContextSchema>) {
  if (environment !== undefined) {
    // Unreadable means nobody, not "ask the process": that could name the shopper before.
    try {
      const read = v.safeParse(v.record(v.string(), v.unknown()), JSON.parse(environment));
      return read.success ? read.output : {};
    } catch {
      return {};
    }
  }
  if (environ === undefined) return undefined;
  const pairs = environ
    .split(';')
    .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const);
  return Object.fromEntries(pairs);
}

function fromVariables(
  variables: Readonly<Record<string, unknown>>,
  namespace: string | undefined,
): Identity {
  const text = (name: string) => {
    const value = variables[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const found = {
    openid: text('WX_OPENID'),
    appid: text('WX_APPID'),
    client_ip: text('WX_CLIENTIP') ?? text('WX_CLIENTIPV6'),
    environment: text('TCB_ENV') ?? text('SCF_NAMESPACE') ?? namespace,
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}
