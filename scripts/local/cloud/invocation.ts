import type { FunctionManifest } from '../../manifest.ts';
import type { Party } from '../trace.ts';

/** Where a call comes from, in the words of getWXContext().SOURCE; a chain of calls is joined by commas. */
export type Source = string;

/** A shopper as WeChat vouches for them. */
export interface Shopper {
  readonly openid: string;
  readonly appid: string;
  readonly unionid?: string;
  /** IPv4 or IPv6. */
  readonly clientIp?: string;
  /** `wx_client` on a phone, `wx_devtools` in the developer tools. */
  readonly source?: Source;
}

/** One event on its way through one function. */
export interface Invocation {
  /** The `request_id` of the call and its TCB_SEQID: database calls of the function name it. */
  readonly id: string;
  readonly functionName: string;
  readonly from: Party;
  readonly source: Source;
  readonly event: unknown;
  /** Absent for timers, HTTP and other functions: they have no identity. */
  readonly shopper?: Shopper;
}

export type Environment = Readonly<Record<string, string>>;

/** The client address when a test does not care. */
const CLIENT_IP = '127.0.0.1';

/** The variables that the platform sets for one call, on top of those that the instance was started with. */
export function callEnvironment({ id, source, shopper }: Invocation, envId: string): Environment {
  return {
    ...(shopper ? identity(shopper) : {}),
    TCB_ENV: envId,
    TCB_SEQID: id,
    TCB_SOURCE: source,
    TRIGGER_SRC: source === 'wx_trigger' ? 'timer' : 'tcb',
    TCB_CONTEXT_KEYS: 'TCB_ENV,TCB_SEQID,TCB_SOURCE,TRIGGER_SRC',
  };
}

/** The second argument of a function's `main`, without the members that are functions. */
export function callContext(
  invocation: Invocation,
  { manifest, envId, environment }: { manifest: FunctionManifest; envId: string; environment: Environment },
): Readonly<Record<string, unknown>> {
  return {
    request_id: invocation.id,
    function_name: invocation.functionName,
    function_version: '$LATEST',
    namespace: envId,
    memory_limit_in_mb: manifest.memorySize,
    time_limit_in_ms: manifest.timeout * 1000,
    environment: JSON.stringify(environment),
  };
}

/** The mini-program's data as its function sees it: the platform's keys win, so that nobody can claim an openid. */
export function shopperEvent(data: object, shopper: Shopper): Readonly<Record<string, unknown>> {
  return { ...data, userInfo: { appId: shopper.appid, openId: shopper.openid }, tcbContext: {} };
}

function identity({ openid, appid, unionid, clientIp = CLIENT_IP }: Shopper): Environment {
  const variables: Record<string, string> = {
    [clientIp.includes(':') ? 'WX_CLIENTIPV6' : 'WX_CLIENTIP']: clientIp,
    WX_OPENID: openid,
    WX_APPID: appid,
    ...(unionid === undefined ? {} : { WX_UNIONID: unionid }),
  };
  return { ...variables, WX_CONTEXT_KEYS: Object.keys(variables).join(',') };
}
