import { WeChatPayError } from '../../cloudfunctions/_shared/wechatpay/errors.ts';

/** The WeChatPayError that `run` ends with. Anything else it throws is thrown on; if it returns, that is a failure. */
export async function refusalOf(run: () => unknown): Promise<WeChatPayError> {
  try {
    await run();
  } catch (error) {
    if (error instanceof WeChatPayError) return error;
    throw error;
  }
  throw new Error('expected a WeChatPayError, but nothing was thrown');
}
