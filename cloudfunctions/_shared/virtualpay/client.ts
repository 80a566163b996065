import * as v from 'valibot';
import type { Env } from './env.ts';
import { refusalOf, VirtualPayError } from './errors.ts';
import { paySig } from './sign.ts';

/** The interfaces that are asked, by path. */
export type Path =
  | '/xpay/query_order'
  | '/xpay/notify_provide_goods'
  | '/xpay/refund_order'
  | '/xpay/start_upload_goods'
  | '/xpay/query_upload_goods'
  | '/xpay/start_publish_goods'
  | '/xpay/query_publish_goods';

/**
 * Posts `body` to api.weixin.qq.com, and gives what came back. `path` ends with its query string, which holds a token and
 * is never logged. Failures on the way pass through this folder unchanged.
 */
export type Post = (path: string, body: string) => Promise<Buffer>;

/** What it takes to ask virtual payment anything. */
export interface Asker {
  readonly post: Post;
  /** An access_token; another one than `stale`, which WeChat refused. */
  readonly accessToken: (stale?: string) => Promise<string>;
  /** The AppKey of `env`. */
  readonly app_key: string;
  readonly env: Env;
}

const Answer = v.looseObject({ errcode: v.number(), errmsg: v.nullish(v.string(), '') });

/** What was answered, with errcode 0, or with another one that `ask` was to let through. */
export type Answer = v.InferOutput<typeof Answer>;

/**
 * Asks under the signature of exactly the bytes that are sent. A token that WeChat does not accept is fetched again once.
 * @param question.isAnswer lets an answer through whose errcode is not 0
 * @throws VirtualPayError by the errcode; TRY_AGAIN for what is not JSON, an empty body too, unless it may be empty
 */
export async function ask(
  asker: Asker,
  question: {
    readonly path: Path;
    readonly fields: object;
    readonly isAnswer?: (answer: Answer) => boolean;
    readonly mayBeEmpty?: boolean;
  },
): Promise<Answer> {
  const token = await asker.accessToken();
  const answer = await askOnce(asker, question, token);
  const read = isTokenRefused(answer)
    ? await askOnce(asker, question, await asker.accessToken(token))
    : answer;
  if (read.errcode === 0 || question.isAnswer?.(read)) return read;
  throw refusalOf(read.errcode, read.errmsg);
}

async function askOnce(
  { post, app_key }: Asker,
  { path, fields, mayBeEmpty = false }: { path: Path; fields: object; mayBeEmpty?: boolean },
  token: string,
): Promise<Answer> {
  const body = JSON.stringify(fields);
  const query = new URLSearchParams({ access_token: token, pay_sig: paySig(app_key, path, body) });
  const text = (await post(`${path}?${query}`, body)).toString('utf8');
  if (mayBeEmpty && text.trim() === '') return { errcode: 0, errmsg: '' };
  return readAnswer(text);
}

/** A gateway's page, half an answer or none: what was asked may have been done. */
function readAnswer(text: string): Answer {
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), Answer), text);
  if (read.success) return read.output;
  throw new VirtualPayError('TRY_AGAIN', 'Virtual payment answered with something else than its JSON.');
}

function isTokenRefused({ errcode, errmsg }: Answer): boolean {
  return errcode !== 0 && refusalOf(errcode, errmsg).code === 'TOKEN_REFUSED';
}
