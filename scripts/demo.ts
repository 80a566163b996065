import { parseArgs } from 'node:util';
import pc from 'picocolors';
import { build, FUNCTIONS_DIRECTORY } from './build.ts';
import { chinaDate } from './china-time.ts';
import { createTeller, yuan } from './demo/teller.ts';
import { tellVirtualStory } from './demo/virtual-story.ts';
import { MERCHANT, SHOPPERS, startLocalWorld } from './local/local-world.ts';

const USAGE = `Tells one purchase as a story, on this machine only. Each claim is checked; one that does not hold ends with exit 1.

  npm run demo -- [options]

  --refund   and then gives the money back
  --virtual  through virtual payment (wx.requestVirtualPayment) instead of ordinary WeChat Pay
  --help     this text`;

const MINUTE_MS = 60_000;
const { virtual: isVirtual, refund: wantsRefund } = readFlags();
const teller = createTeller();
const { chapter, step, check, failures } = teller;

console.log(pc.dim('Building the functions and starting CloudBase and WeChat Pay on this machine…'));
await build();
const world = await startLocalWorld({
  functionsDirectory: FUNCTIONS_DIRECTORY,
  ...(isVirtual ? { sellsBy: 'virtualpay' as const } : {}),
});
const { clock, cloud, host, wechatpay, timers } = world;
const shopper = { openid: SHOPPERS[0].openid, appid: MERCHANT.appid };

try {
  if (isVirtual) await tellVirtualStory(world, teller);
  else {
    const paid = await tellTheStory();
    if (wantsRefund) await tellOfRefunds(paid);
  }
} finally {
  await world.close();
}

if (failures.length > 0) {
  console.error(pc.red(`\nThe story did not hold: ${failures.join('; ')}.`));
  process.exit(1);
}
console.log(
  `\n${pc.green('All of it held.')} ${pc.dim(`npm start${isVirtual ? ' -- --virtual' : ''} keeps such a world running.`)}`,
);

function readFlags() {
  try {
    const { values } = parseArgs({
      options: {
        virtual: { type: 'boolean', default: false },
        refund: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (!values.help) return values;
    console.log(USAGE);
    return process.exit(0);
  } catch (error) {
    console.error(pc.red(`${error instanceof Error ? error.message : error}\n\n${USAGE}`));
    return process.exit(1);
  }
}

/** A purchase. Answers its out_trade_no. */
async function tellTheStory(): Promise<string> {
  chapter(`${SHOPPERS[0].name} wants three months of 城市版`);
  const request = {
    request_id: 'demo-request-00000001',
    product_id: 'city',
    months: 3,
    expected_total_fee: 4800,
  };
  step('mini-program', 'calls createOrder', JSON.stringify(request));
  const answer = placed(await host.callFunction('createOrder', request, shopper));
  const { out_trade_no, body, total_fee } = answer.order;
  const atWeChat = () => wechatpay.order(MERCHANT.mch_id, out_trade_no);
  const here = () => cloud.documents('orders').find(({ _id }) => _id === out_trade_no);
  const expiry = () => membershipOf(shopper.openid);
  step('createOrder', 'saved the order, then asked WeChat: unifiedorder', `out_trade_no ${out_trade_no}`);
  step('createOrder', 'signed what wx.requestPayment takes', `${answer.payment.package}, paySign ••••••`);
  check(`the price is the catalogue's: ${body}, ${yuan(total_fee)}`, total_fee === 4800);
  check(
    'the order waits, here and at WeChat',
    here()?.trade_state === 'NOTPAY' && atWeChat()?.trade_state === 'NOTPAY',
  );

  const again = placed(await host.callFunction('createOrder', request, shopper));
  step('mini-program', 'loses the answer and calls createOrder again, with the same request_id');
  check(
    'the same order comes back, and there is only one',
    again.order.out_trade_no === out_trade_no && cloud.documents('orders').length === 1,
  );

  chapter('The payment');
  const shown = wechatpay.cashier.open(again.payment, shopper);
  check(
    'the cashier accepts paySign and shows the amount',
    shown.kind === 'shown' && shown.total_fee === total_fee,
  );
  const findWay = wechatpay.faults.add({ kind: 'lose-notice', count: Number.POSITIVE_INFINITY });
  const paid = wechatpay.cashier.pay(again.payment, shopper);
  step('shopper', 'enters the password', paid.errMsg);
  check('WeChat has the money', atWeChat()?.trade_state === 'SUCCESS');

  chapter('The notice gets lost');
  await clock.advance(20_000);
  step('WeChat Pay', 'sent notices; none arrived');
  check('the order still waits here: no notice came', here()?.trade_state === 'NOTPAY');
  check('and nobody is a member yet', expiry() === undefined);

  chapter('The timer finds it');
  // It is due half a minute after it was placed, and the timer runs every two minutes.
  await clock.advance(2.5 * MINUTE_MS);
  step('queryOrders', 'asked WeChat: orderquery', 'nothing else than the order’s own state is believed');
  check(
    'the timer asked, and the order is paid here as well',
    here()?.trade_state === 'SUCCESS' && here()?.query_count === 1,
  );
  const until = expiry();
  check(`the membership lasts until ${until && chinaDate(until)}`, until !== undefined);

  chapter('WeChat repeats the notice all the same');
  findWay();
  const attempts = await wechatpay.resendNotice(MERCHANT.mch_id, out_trade_no, { times: 5, parallel: true });
  step('WeChat Pay', `sent it five more times at once`, attempts.map(({ outcome }) => outcome).join(', '));
  check(
    'payNotify answered SUCCESS to each',
    attempts.length === 5 && attempts.every(({ outcome }) => outcome === 'SUCCESS'),
  );
  check('nothing was added twice', expiry()?.getTime() === until?.getTime());

  chapter('An unknown client forges a notice');
  const forged = await wechatpay.forgeNotice(MERCHANT.mch_id, out_trade_no, 'wrong sign');
  check('payNotify answered FAIL', forged.outcome !== 'SUCCESS');

  chapter('A day later');
  await clock.advance(24 * 60 * MINUTE_MS);
  const swept = await timers.runNow('queryOrders');
  check('nothing is left to ask about', swept.kind === 'answered' && JSON.parse(swept.result).asked === 0);
  return out_trade_no;
}

/** A part goes back from a terminal and its answer gets lost; the rest goes back in the merchant platform. */
async function tellOfRefunds(out_trade_no: string): Promise<void> {
  const here = () => cloud.documents('orders').find(({ _id }) => _id === out_trade_no);
  const there = () => wechatpay.order(MERCHANT.mch_id, out_trade_no)?.refunds ?? [];
  const until = membershipOf(shopper.openid)?.getTime() ?? 0;

  chapter('An administrator gives a third of it back');
  const request = {
    request_id: 'demo-refund-00000001',
    out_trade_no,
    refund_fee: 1600,
    reason: '买多了',
    expected_refunded_fee: 0,
  };
  step('terminal', 'npm run ops -- refund', JSON.stringify(request));
  wechatpay.faults.add({ kind: 'break', when: 'after', path: '/secapi/pay/refund' });
  const silence = wechatpay.faults.add({ kind: 'lose-notice', count: Number.POSITIVE_INFINITY });
  await host.callFromFunction('operateShop', { act: 'refund', by: 'demo', request });
  step('operateShop', 'reserved the amount, then asked WeChat; the answer got lost');
  check('the amount is reserved, and nothing else changed', here()?.refund_reserved_fee === 1600);
  await host.callFromFunction('operateShop', { act: 'refund', by: 'demo', request });
  step('terminal', 'asks again, with the same request_id');
  check(
    'there is one refund, here and at WeChat',
    here()?.refund_reserved_fee === 1600 && there().length === 1,
  );

  chapter('The timer finds it');
  await clock.advance(3 * MINUTE_MS);
  silence();
  check('the order is refunded in part', here()?.trade_state === 'REFUND' && here()?.refunded_fee === 1600);
  const days = (until - (membershipOf(shopper.openid)?.getTime() ?? 0)) / (24 * 60 * MINUTE_MS);
  check(`the membership ends ${days} days earlier: a third of three months`, days === 30);

  chapter('Staff give the rest back in the merchant platform');
  const { notify_url = '' } = wechatpay.order(MERCHANT.mch_id, out_trade_no)?.parameters ?? {};
  wechatpay.refundByStaff(MERCHANT.mch_id, out_trade_no, {
    notify_url: notify_url.replace('payNotify', 'refundNotify'),
  });
  await clock.advance(MINUTE_MS);
  await wechatpay.noticesSettled();
  step('WeChat Pay', 'sent a notice; refundNotify opened it and asked: refundquery');
  check(`all of it is back: ${yuan(4800)}`, here()?.refunded_fee === 4800);
  check(
    'nobody is a member any more',
    (membershipOf(shopper.openid)?.getTime() ?? 0) <= clock.now().getTime(),
  );
}

interface Placed {
  readonly order: { readonly out_trade_no: string; readonly body: string; readonly total_fee: number };
  readonly payment: { readonly package: string };
}

/** What createOrder answers, or the end of the story. */
function placed(answer: unknown): Placed {
  if (typeof answer === 'object' && answer !== null && 'order' in answer && 'payment' in answer)
    return answer as Placed;
  throw new Error(`createOrder refused: ${JSON.stringify(answer)}`);
}

function membershipOf(openid: string): Date | undefined {
  const user = cloud.documents('users').find(({ _id }) => _id === openid);
  const memberships = user?.memberships as { city?: { expires_at: Date } } | undefined;
  return memberships?.city?.expires_at;
}
