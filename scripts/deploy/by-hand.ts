import { isDefaultDomain } from './check/check-notify-url.ts';
import type { Row } from './compare/row.ts';
import { VIRTUAL_PAY_STEPS } from './virtual-pay-steps.ts';

/** What no API can do for the merchant, with where it is done. */
export function leftByHand(
  rows: readonly Row[],
  {
    notifyUrl,
    usesVirtualPay,
    usesWeChatPay,
  }: {
    readonly notifyUrl: string | undefined;
    readonly usesVirtualPay: boolean;
    readonly usesWeChatPay: boolean;
  },
): readonly string[] {
  const steps = rows.flatMap(({ step }) => (step?.kind === 'by hand' ? [step.say] : []));
  return [
    ...new Set(steps),
    ...(notifyUrl && isDefaultDomain(new URL(notifyUrl).hostname) ? [OWN_DOMAIN] : []),
    ...(usesWeChatPay ? WECHAT_PAY_STEPS : []),
    UPLOAD,
    ...(usesVirtualPay ? VIRTUAL_PAY_STEPS : []),
  ];
}

const OWN_DOMAIN =
  'Before real customers pay: bind an ICP-filed domain of your own (CloudBase console, HTTP Access 云接入, Domains 域名), write ' +
  'WECHAT_PAY_NOTIFY_URL=https://<domain>/payNotify into .env, and deploy again';

const WECHAT_PAY_STEPS = [
  'Once: bind the appid to the merchant (WeChat Pay merchant platform 产品中心, AppID账号管理) and confirm it in the mini-program console',
  'Once: have JSAPI payment granted (merchant platform 产品中心, JSAPI支付) and prove the key with: npm run doctor -- --live',
];

const UPLOAD =
  'Upload the mini-program from WeChat DevTools, pay one fen, and see the order become SUCCESS (docs/runbook.md, The first payment)';
