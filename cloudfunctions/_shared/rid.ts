/** WeChat's words, and the number of the request that its support asks for (`rid`), where they end with one. */
export interface Errmsg {
  readonly words: string;
  readonly rid: string | undefined;
}

const RID = /,?\s*rid: ([\w-]{1,64})/;
/** Some have another number of the request before it. */
const HINT = /,?\s*hint: \[[\w-]{0,64}\]/;

/** Takes the request ids off an errmsg of api.weixin.qq.com: they differ each time, and the words make one alarm. */
export function readErrmsg(errmsg: string): Errmsg {
  return { words: errmsg.replace(RID, '').replace(HINT, ''), rid: RID.exec(errmsg)?.[1] };
}
