import { createRequire } from 'node:module';
import { type SignType, sign } from '../../../scripts/local/wechatpay/sign.ts';
import { readXml } from '../../../scripts/local/wechatpay/xml.ts';
import { purchase } from '../fixture.ts';
import type { Contender, Step, Steps } from './contender.ts';
import { ours } from './ours.ts';

/** One contender in a process of its own, so that no other's code shapes how its own is compiled. */

const [, , name = '', signType = ''] = process.argv;
const sign_type: SignType = signType === 'MD5' ? 'MD5' : 'HMAC-SHA256';
const given = purchase(sign_type);
const contender: Contender = name === 'ours' ? ours : createRequire(import.meta.url)(`../peers/${name}.cjs`);
const steps = contender(given);
const fields = { ...given.order, appid: given.merchant.appid, nonce_str: 'n0nce' };
const run: Readonly<Record<Step, () => unknown>> = {
  sign: () => steps.sign(fields),
  order: () => steps.order(),
  notice: () => steps.notice(given.notice),
};

process.on('message', async (message: { step: Step; count: number } | 'check') => {
  if (message === 'check') {
    process.send?.(await check(steps));
    return;
  }
  const { step, count } = message;
  const work = run[step];
  const began = process.cpuUsage();
  for (let n = 0; n < count; n++) await work();
  const { user, system } = process.cpuUsage(began);
  process.send?.((user + system) / count);
});

/** What is wrong with a contender's results; nothing, where it may be timed. */
async function check(it: Steps): Promise<string[]> {
  const { api_key } = given.merchant;
  const wrong: string[] = [];
  const expectThat = (holds: boolean, what: string) => holds || wrong.push(`${name}, ${sign_type}: ${what}`);
  expectThat(it.sign(fields) === sign(fields, api_key, sign_type), 'another sign');
  const { request, prepay_id, payment } = await it.order();
  const asked = readXml(request);
  expectThat(asked.sign === sign(asked, api_key, sign_type), 'a request with another sign');
  for (const [field, value] of Object.entries(given.order))
    if (asked[field] !== value) wrong.push(`${name}: ${field} is asked with ${asked[field]}, not ${value}`);
  expectThat(prepay_id === readXml(given.reply).prepay_id, 'another prepay_id');
  const { appId = '', timeStamp = '', nonceStr = '', package: pack = '', signType: type = '' } = payment;
  const signed = { appId, timeStamp, nonceStr, package: pack, signType: type };
  expectThat(payment.paySign === sign(signed, api_key, sign_type), 'another paySign');
  const read = await it.notice(given.notice);
  const isRead = typeof read === 'object' && read !== null && 'out_trade_no' in read;
  expectThat(isRead && read.out_trade_no === given.order.out_trade_no, 'a notice that was not read');
  const forged = await Promise.resolve()
    .then(() => it.notice(given.forged))
    .then(
      () => 'believed',
      () => 'refused',
    );
  expectThat(forged === 'refused', 'a forged notice was believed');
  return wrong;
}
