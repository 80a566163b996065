import { createTransport } from '../../../cloudfunctions/_shared/cloud/http.ts';
import { realTimers } from '../../../cloudfunctions/_shared/cloud/timers.ts';
import { createWeChatPay } from '../../../cloudfunctions/_shared/wechatpay/client.ts';
import { WeChatPayError, type WeChatPayErrorCode } from '../../../cloudfunctions/_shared/wechatpay/errors.ts';
import type { Random } from '../../../cloudfunctions/_shared/wechatpay/nonce.ts';
import type { Variables } from '../variables.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

const ANSWER_TIMEOUT_MS = 10_000;

/**
 * Asks WeChat Pay about an order that cannot exist. That it does not exist is said only to whom WeChat knows: the answer
 * proves mch_id, appid and the current key together. Nothing is ordered and nothing costs anything.
 */
export async function checkLive(variables: Variables, appid: string, random: Random): Promise<Finding> {
  const {
    WECHAT_PAY_MCH_ID = '',
    WECHAT_PAY_API_KEY = '',
    WECHAT_PAY_BASE_URL,
    WECHAT_PAY_SIGN_TYPE,
  } = variables;
  const clock = { now: () => new Date() };
  const wechatpay = createWeChatPay({
    // Without the previous key: it would be tried where the current one fails, and hide that.
    merchant: { mch_id: WECHAT_PAY_MCH_ID, api_key: WECHAT_PAY_API_KEY },
    transport: createTransport({
      timeout_ms: ANSWER_TIMEOUT_MS,
      timers: realTimers,
      clock,
      ...(WECHAT_PAY_BASE_URL ? { urls: [WECHAT_PAY_BASE_URL] } : {}),
    }),
    random,
    // Either domain may take its time.
    answerBy: new Date(clock.now().getTime() + 2 * ANSWER_TIMEOUT_MS),
  });
  const sign_type = WECHAT_PAY_SIGN_TYPE === 'MD5' ? 'MD5' : 'HMAC-SHA256';
  const out_trade_no = `doctor_${random(12).toString('hex')}`;
  try {
    const answer = await wechatpay.orderquery({
      appid,
      mch_id: WECHAT_PAY_MCH_ID,
      out_trade_no,
      sign_type,
    });
    if (answer.kind === 'absent')
      return ok(NAME, 'knows mch_id, appid and key (it answered ORDERNOTEXIST, as it should)');
    return warning(
      NAME,
      `knows an order ${out_trade_no}, which was made up. Is WECHAT_PAY_BASE_URL the real one?`,
    );
  } catch (error) {
    if (error instanceof WeChatPayError) return explained(error);
    throw error;
  }
}

const NAME = 'WeChat Pay';

function explained({ code, err_code, message }: WeChatPayError): Finding {
  const hint =
    (err_code && BY_ERR_CODE[err_code]) ??
    BY_CODE[code] ??
    'Compare WECHAT_PAY_MCH_ID, and the appid in project.config.json';
  return problem(NAME, `${message.replace(/\.$/, '')}. ${hint}`);
}

const BY_ERR_CODE: Readonly<Record<string, string>> = {
  SIGNERROR:
    'WECHAT_PAY_API_KEY is wrong. Set a new API v2 key (merchant platform, Account Center 账户中心, API Security API安全) and write the same here',
  APPID_NOT_EXIST: 'The appid in project.config.json is not one that WeChat Pay knows',
  MCHID_NOT_EXIST: 'WECHAT_PAY_MCH_ID is not a merchant',
  APPID_MCHID_NOT_MATCH:
    'Bind the appid to the merchant (merchant platform, Products 产品中心, AppID账号管理)',
  NOAUTH: 'Have JSAPI payment granted (merchant platform, Products 产品中心, JSAPI支付)',
};

const NETWORK = 'Look at the network and try again; it says nothing about the key';

const BY_CODE: Partial<Record<WeChatPayErrorCode, string>> = {
  TIMEOUT: NETWORK,
  UNREACHABLE: NETWORK,
  BROKEN_CONNECTION: NETWORK,
  TRY_AGAIN: 'Try again in a minute',
  SIGN_MISMATCH:
    'The answer is signed with another key: WECHAT_PAY_API_KEY is wrong, or a proxy in between changes the answer',
};
