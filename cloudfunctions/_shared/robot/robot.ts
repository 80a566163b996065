import * as v from 'valibot';
import { RobotError } from './errors.ts';

/** Whose robot an address belongs to, by its host. Everybody else's receives plain JSON. */
export type RobotKind = 'wecom' | 'feishu' | 'json';

/**
 * What a message may have at most, in UTF-8. WeCom takes 2048 bytes of text, Feishu 20 KB of a whole request; one message
 * fits all of them.
 */
export const ROBOT_TEXT_BYTES_MAX = 2048;

/** Posts a body of JSON, and gives whatever is answered. Follows no redirect. @throws RobotError all but REFUSED */
export type Post = (body: string) => Promise<Answer>;

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

const KINDS: ReadonlyMap<string, RobotKind> = new Map([
  ['qyapi.weixin.qq.com', 'wecom'],
  ['open.feishu.cn', 'feishu'],
  ['open.larksuite.com', 'feishu'],
]);

export function robotKindOf(address: URL): RobotKind {
  return KINDS.get(address.hostname) ?? 'json';
}

/**
 * Says a text in the group chat of a robot: of WeCom (群机器人配置说明), of Feishu or Lark (自定义机器人使用指南), or of whoever takes
 * `{ "text": … }` and answers with a status from 200 to 299.
 *
 * @param text plain text of at most ROBOT_TEXT_BYTES_MAX bytes
 * @throws RobotError
 */
export async function sayInChat(post: Post, kind: RobotKind, text: string): Promise<void> {
  const { status, body } = await post(JSON.stringify(MESSAGES[kind](text)));
  if (status < 200 || status > 299)
    throw new RobotError('REFUSED', `The robot answered with status ${status}.`);
  if (kind === 'json') return;
  const read = v.safeParse(ANSWERS[kind], parsed(body));
  if (!read.success) throw new RobotError('REFUSED', 'The answer is not as documented.');
  // Its own words are left out: nobody promises that they do not repeat the address.
  if (read.output !== 0) throw new RobotError('REFUSED', `The robot refused: ${read.output}.`);
}

const MESSAGES: Readonly<Record<RobotKind, (text: string) => object>> = {
  wecom: (content) => ({ msgtype: 'text', text: { content } }),
  feishu: (text) => ({ msg_type: 'text', content: { text } }),
  json: (text) => ({ text }),
};

/** Both answer 200 whatever happened; a code other than 0 is a no. */
const ANSWERS = {
  wecom: v.pipe(
    v.object({ errcode: v.number() }),
    v.transform(({ errcode }) => errcode),
  ),
  feishu: v.pipe(
    v.object({ code: v.number() }),
    v.transform(({ code }) => code),
  ),
};

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
