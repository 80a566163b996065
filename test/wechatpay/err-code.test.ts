import { expect, test } from 'vitest';
import type { WeChatPayErrorCode } from '../../cloudfunctions/_shared/wechatpay/errors.ts';
import { failed, gateway, ORDER, PARAMETERS } from './gateway.ts';
import { refusalOf } from './refusal.ts';

// Rows: WeChat's err_code. Columns: what it means after which call. A meaning in lower case is returned, one in
// capitals is thrown, with err_code in it.
const TABLE = `
  err_code               unifiedorder            orderquery              closeorder
  SYSTEMERROR            TRY_AGAIN               TRY_AGAIN               TRY_AGAIN
  BIZERR_NEED_RETRY      TRY_AGAIN               TRY_AGAIN               TRY_AGAIN
  FREQUENCY_LIMITED      TRY_AGAIN               TRY_AGAIN               TRY_AGAIN
  INVALID_REQ_TOO_MUCH   TRY_AGAIN               TRY_AGAIN               TRY_AGAIN
  ORDERPAID              settle                  TRY_AGAIN               paid
  ORDERCLOSED            settle                  TRY_AGAIN               closed
  ORDERNOTEXIST          alarm                   absent                  absent
  INVALID_REQUEST        repeated                MERCHANT_MISCONFIGURED  MERCHANT_MISCONFIGURED
  OUT_TRADE_NO_USED      repeated                TRY_AGAIN               TRY_AGAIN
  NOTENOUGH              give-up                 TRY_AGAIN               TRY_AGAIN
  USERPAYING             alarm                   TRY_AGAIN               TRY_AGAIN
  TRADE_STATE_ERROR      alarm                   TRY_AGAIN               TRY_AGAIN
  NOAUTH                 alarm                   MERCHANT_MISCONFIGURED  MERCHANT_MISCONFIGURED
  APPID_NOT_EXIST        alarm                   MERCHANT_MISCONFIGURED  MERCHANT_MISCONFIGURED
  MCHID_NOT_EXIST        alarm                   MERCHANT_MISCONFIGURED  MERCHANT_MISCONFIGURED
  APPID_MCHID_NOT_MATCH  alarm                   MERCHANT_MISCONFIGURED  MERCHANT_MISCONFIGURED
  LACK_PARAMS            alarm                   MERCHANT_MISCONFIGURED  MERCHANT_MISCONFIGURED
  PARAM_ERROR            alarm                   MERCHANT_MISCONFIGURED  MERCHANT_MISCONFIGURED
  XML_FORMAT_ERROR       alarm                   MERCHANT_MISCONFIGURED  MERCHANT_MISCONFIGURED
  REQUIRE_POST_METHOD    alarm                   MERCHANT_MISCONFIGURED  MERCHANT_MISCONFIGURED
  POST_DATA_EMPTY        alarm                   MERCHANT_MISCONFIGURED  MERCHANT_MISCONFIGURED
  NOT_UTF8               alarm                   MERCHANT_MISCONFIGURED  MERCHANT_MISCONFIGURED
  SIGNERROR              MERCHANT_MISCONFIGURED  MERCHANT_MISCONFIGURED  MERCHANT_MISCONFIGURED
  A_NEW_CODE             alarm                   TRY_AGAIN               TRY_AGAIN
  toString               alarm                   TRY_AGAIN               TRY_AGAIN
`;

const [, ...rows] = TABLE.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));
const cells = rows.flatMap(([err_code = '', unifiedorder = '', orderquery = '', closeorder = '']) => [
  { err_code, call: 'unifiedorder' as const, meaning: unifiedorder },
  { err_code, call: 'orderquery' as const, meaning: orderquery },
  { err_code, call: 'closeorder' as const, meaning: closeorder },
]);

test.each(cells)('$err_code after $call means $meaning', async ({ err_code, call, meaning }) => {
  const { wechatpay } = gateway(() => failed(err_code));
  const ask = () => (call === 'unifiedorder' ? wechatpay.unifiedorder(PARAMETERS) : wechatpay[call](ORDER));
  if (isThrown(meaning)) {
    expect(await refusalOf(ask)).toMatchObject({ code: meaning, err_code });
  } else if (call === 'unifiedorder') {
    expect(await ask()).toEqual({ kind: 'refused', err_code, err_code_des: '原因', meaning });
  } else {
    expect(await ask()).toEqual({ kind: meaning });
  }
});

function isThrown(meaning: string): meaning is WeChatPayErrorCode {
  return meaning === meaning.toUpperCase();
}
