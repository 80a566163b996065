import * as v from 'valibot';
import { type Action, type Call, readParameters } from '../call.ts';
import { decodeRequest } from '../protobuf.ts';

/** Answers one of WeChat's APIs: gets what the function sent, gives WeChat's JSON. */
export type OpenapiHandler = (request: unknown) => unknown;

/** A call to one of WeChat's APIs, kept for a test or the console to look at. */
export interface OpenapiCall {
  /** `subscribeMessage.send`, `cloudPay.unifiedOrder`. */
  readonly api: string;
  readonly request: unknown;
  readonly invocation?: string;
}

const OPENAPI_CALLS_MAX = 500;

const bytes = v.instance(Uint8Array);
const request = v.object({ apiName: v.string(), requestData: v.optional(bytes, new Uint8Array()) });

/** cloud.openapi and cloud.cloudPay: WeChat itself is not here, so whoever needs an answer registers it. */
export class Openapi {
  readonly calls: OpenapiCall[] = [];
  readonly #handlers = new Map<string, OpenapiHandler>();

  /** @param api `subscribeMessage.send`, or `cloudPay.unifiedOrder` for cloud.cloudPay */
  on(api: string, handler: OpenapiHandler): void {
    this.#handlers.set(api, handler);
  }

  actions(): Record<string, Action> {
    return {
      'wx.openApi': (call) => this.#answer(call, '', decodeRequest),
      'wx.wxPayApi': (call) => this.#answer(call, 'cloudPay.', readJson),
    };
  }

  async #answer(call: Call, prefix: string, read: (data: Uint8Array) => unknown): Promise<object> {
    const { apiName, requestData } = readParameters(request, call);
    const { invocation } = call.caller;
    const made = { api: `${prefix}${apiName}`, request: read(requestData) };
    this.calls.push({ ...made, ...(invocation === undefined ? {} : { invocation }) });
    if (this.calls.length > OPENAPI_CALLS_MAX) this.calls.shift();
    const handler = this.#handlers.get(made.api);
    return { data: handler ? await handler(made.request) : nobody(made.api) };
  }
}

/** Both kinds of API read one of these as a failure, and the text says what to do about it. */
function nobody(api: string): object {
  const text = `the local cloud recorded ${api} and has no answer to it: register one with openapi.on('${api}', …)`;
  return { errcode: -1, errmsg: text, return_code: 'FAIL', return_msg: text };
}

function readJson(data: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(data).toString('utf8'));
  } catch {
    return undefined;
  }
}
