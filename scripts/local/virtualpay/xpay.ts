import * as v from 'valibot';
import { type Answered, type Api, type ApiRequest, answered } from '../weixin/api.ts';
import type { Refused } from '../weixin/errors.ts';
import { refuse as refuseHost } from '../weixin/errors.ts';
import type { LocalWeixin } from '../weixin/weixin.ts';
import type { Account } from './account.ts';
import { NO_SUCH_DATA, refuse } from './errors.ts';
import type { Env } from './ledger.ts';
import { paySig } from './sign.ts';

/** Who asks, and with whose account. */
export interface Door {
  readonly weixin: Pick<LocalWeixin, 'isShopper'>;
  readonly account: Account;
}

interface XpayApi<Body> {
  /** Without the leading `/xpay/`. */
  readonly name: string;
  readonly body: v.GenericSchema<unknown, Body>;
  /** The newest table of notify_provide_goods has no pay_sig, older ones have: there it is checked only if it comes. */
  readonly pay_sig?: 'if it comes';
  work(body: Body): Answered | Refused;
}

/**
 * One API under /xpay behind the checks that all of them make, in the order in which they were seen: the account, pay_sig,
 * the openid, the fields. The token was checked before.
 */
export function xpayApi<Body>(door: Door, { name, body: schema, pay_sig, work }: XpayApi<Body>): Api {
  return {
    method: 'POST',
    takesToken: true,
    contentType: 'application/json; encoding=utf-8',
    orderOf: orderIn,
    work(request) {
      const refused =
        checkAccount(door) ??
        checkSign(door, request, { name, isOptional: pay_sig === 'if it comes' }) ??
        checkOpenid(door, request);
      if (refused) return refused;
      const read = v.safeParse(schema, request.body);
      return read.success ? work(read.output) : refuseFields(read.issues);
    },
  };
}

/** Fields of xpay's own success. */
export function ok(fields: Readonly<Record<string, unknown>> = {}): Answered {
  return answered({ errcode: 0, errmsg: 'OK', ...fields });
}

/** There is no such order. Its errcode is that of a wrong field; only the errmsg distinguishes them. */
export function noSuchData(why: string, fields?: Readonly<Record<string, unknown>>): Refused {
  return { ...refuse(268490002, why, NO_SUCH_DATA), ...(fields ? { fields } : {}) };
}

/** 0 or 1; query_order and others do without only where the documents say so. */
export const ENV: v.GenericSchema<unknown, Env> = v.picklist([0, 1]);

function checkAccount({ account }: Door): Refused | undefined {
  if (account.isOpened) return undefined;
  return refuseHost(48001, 'virtual payment is not opened for this mini-program');
}

/** The key is that of the environment in the signed body; a body that names none is signed with the live key. */
function checkSign(
  { account }: Door,
  { query, body, text }: ApiRequest,
  { name, isOptional }: { readonly name: string; readonly isOptional: boolean },
): Refused | undefined {
  const pay_sig = query.get('pay_sig');
  if (pay_sig === null && isOptional) return undefined;
  const env: Env = body?.env === 1 ? 1 : 0;
  const path = `/xpay/${name}`;
  if (pay_sig === paySig(account.app_keys[env], path, text)) return undefined;
  return refuse(268490003, whyNotSigned({ account, pay_sig, env, path, text }));
}

/** Names the mistake where it is one that many made. */
function whyNotSigned({
  account,
  pay_sig,
  env,
  path,
  text,
}: {
  account: Account;
  pay_sig: string | null;
  env: Env;
  path: string;
  text: string;
}): string {
  if (!pay_sig) return 'the query string has no pay_sig';
  const key = account.app_keys[env];
  if (pay_sig.toLowerCase() === paySig(key, path, text)) return 'pay_sig is lower-case hex';
  if (pay_sig === paySig(account.app_keys[env === 0 ? 1 : 0], path, text))
    return `pay_sig is made with the AppKey of the other environment: the body says env ${env}`;
  if (pay_sig === paySig(key, 'requestVirtualPayment', text))
    return 'pay_sig of a server API is made over its path, not over requestVirtualPayment';
  if (pay_sig === paySig(key, path.slice(1), text)) return 'the path begins with a slash';
  return 'pay_sig is made over the path, an ampersand and exactly the bytes of the body, with the AppKey of env';
}

function checkOpenid({ weixin }: Door, { body }: ApiRequest): Refused | undefined {
  const openid = body?.openid;
  if (openid === undefined || (typeof openid === 'string' && weixin.isShopper(openid))) return undefined;
  return refuse(268490001, 'nobody of this app has this openid');
}

function refuseFields(issues: readonly v.BaseIssue<unknown>[]): Refused {
  const [issue] = issues;
  const field = issue ? (v.getDotPath(issue) ?? 'body') : 'body';
  return refuse(268490002, `${field}: ${issue?.message ?? 'wrong'}`, `请求参数字段错误: ${field}`);
}

/** Refund orders have a number of their own, and are meant as well. */
function orderIn({ body }: ApiRequest): string | undefined {
  return typeof body?.order_id === 'string' ? body.order_id : undefined;
}
