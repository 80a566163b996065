/** WeChat's words, and the number of the request that its support asks for (`rid`), where they end with one. */
export interface Errmsg {
  readonly words: string;
  readonly rid: string | undefined;
}

const RID = /,?\s*rid: ([\w-]{1,64})/;

/** Takes the request id off an errmsg of api.weixin.qq.com: it differs each time, and the words make one alarm. */
export function readErrmsg(errmsg: string): Errmsg {
  return { words: errmsg.replace(RID, ''), rid: RID.exec(errmsg)?.[1] };
}
