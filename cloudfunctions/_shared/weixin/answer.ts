import * as v from 'valibot';
import { readErrmsg } from '../rid.ts';
import { WeixinError, type WeixinErrorCode } from './errors.ts';

const Refusal = v.object({ errcode: v.pipe(v.number(), v.notValue(0)), errmsg: v.optional(v.string(), '') });

/** What errcodes mean; one that is not there is REFUSED. */
export type Meanings = ReadonlyMap<number, WeixinErrorCode>;

/** What each errcode means, from the pages of code2Session and getStableAccessToken. */
const MEANINGS: Meanings = new Map<number, WeixinErrorCode>([
  [-1, 'TRY_AGAIN'],
  [40029, 'CODE_REFUSED'],
  [40163, 'CODE_REFUSED'],
  [40226, 'SHOPPER_BLOCKED'],
  [45009, 'TOO_OFTEN'],
  [45011, 'TOO_OFTEN'],
  [40001, 'SECRET_REFUSED'],
  [40013, 'SECRET_REFUSED'],
  [40125, 'SECRET_REFUSED'],
  [40243, 'SECRET_REFUSED'],
  [40164, 'ADDRESS_REFUSED'],
]);

/**
 * Reads an answer of api.weixin.qq.com as `schema` has it. It is JSON whatever its content type says.
 * @param meanings those of logins and tokens where they are left out
 * @throws WeixinError by the answer's errcode, or ANSWER_REFUSED
 */
export function readAnswer<Schema extends v.GenericSchema>(
  schema: Schema,
  body: Buffer,
  meanings: Meanings = MEANINGS,
): v.InferOutput<Schema> {
  const answer = parsed(body);
  const refused = v.safeParse(Refusal, answer);
  if (refused.success) throw refusal(refused.output, meanings);
  const read = v.safeParse(schema, answer);
  if (read.success) return read.output;
  const missing = read.issues.map((issue) => v.getDotPath(issue) ?? 'the answer');
  throw new WeixinError('ANSWER_REFUSED', `The answer is not as documented: ${missing.join(', ')}.`);
}

function refusal({ errcode, errmsg }: v.InferOutput<typeof Refusal>, meanings: Meanings): WeixinError {
  const code = meanings.get(errcode) ?? 'REFUSED';
  const { words, rid } = readErrmsg(errmsg);
  const message = `WeChat refused: ${errcode}, ${words.slice(0, ERRMSG_CHARACTERS_MAX)}.`;
  return new WeixinError(code, message, { errcode, rid });
}

/** WeChat's own words for people; they name an address or a request id, and no secret. */
const ERRMSG_CHARACTERS_MAX = 128;

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new WeixinError('ANSWER_REFUSED', 'The answer is not JSON.', { cause });
  }
}
