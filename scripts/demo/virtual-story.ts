import { chinaDate } from '../china-time.ts';
import { type LocalWorld, MERCHANT, SHOPPERS } from '../local/local-world.ts';
import { type Teller, yuan } from './teller.ts';

const MINUTE_MS = 60_000;

/** One purchase through virtual payment, its event lost and found, forged events, and one on an iPhone. */
export async function tellVirtualStory(world: LocalWorld, { chapter, step, check }: Teller): Promise<void> {
  const { clock, cloud, host, weixin, virtualpay, timers } = world;
  const [person, other] = SHOPPERS;
  const shopper = { openid: person.openid, appid: MERCHANT.appid };
  const phone = { openid: shopper.openid, platform: 'android' } as const;

  chapter(`${person.name} wants three months of 城市版, on Android`);
  const code = weixin.login(shopper.openid);
  step('mini-program', 'calls wx.login', 'a code: one use, five minutes');
  const request = {
    ...{ request_id: 'demo-request-00000001', product_id: 'city', months: 3, expected_total_fee: 4800 },
    code,
  };
  step('mini-program', 'calls createOrder', JSON.stringify({ ...request, code: '••••••' }));
  const { order, payment } = placed(await host.callFunction('createOrder', request, shopper));
  const { out_trade_no, total_fee } = order;
  const here = () => cloud.documents('orders').find(({ _id }) => _id === out_trade_no);
  const atWeChat = () => virtualpay.order(0, out_trade_no);
  const expiry = () => membershipOf(world, shopper.openid);
  step('createOrder', 'saved the order, then asked WeChat: code2Session', `out_trade_no ${out_trade_no}`);
  step('createOrder', 'signed signData twice', 'paySig with the AppKey, signature with the session_key');
  check(`the price is the catalogue's: ${order.body}, ${yuan(total_fee)}`, total_fee === 4800);
  check('the order waits here; WeChat does not know it yet', here()?.trade_state === 'NOTPAY' && !atWeChat());
  const replayed = { ...request, request_id: 'demo-request-00000002' };
  const refused = await host.callFunction('createOrder', replayed, shopper);
  step('mini-program', 'calls createOrder with the same code', JSON.stringify(refused).slice(0, 60));
  check('a code is good once', isRefusal(refused, 'LOGIN_CODE_INVALID'));

  chapter('The payment');
  const shown = virtualpay.cashDesk.open(payment, phone);
  if (shown.kind !== 'shown') throw new Error(`The cash desk refused: ${shown.errMsg} (${shown.why})`);
  check('the cash desk takes both signatures and shows the amount', shown.price === total_fee);
  check('now WeChat has the order: status 1', atWeChat()?.status === 1);
  const lost = virtualpay.faults.add({ kind: 'lose-event', count: Number.POSITIVE_INFINITY });
  virtualpay.cashDesk.pay(shown.id);
  step('shopper', 'pays', 'requestVirtualPayment:ok');

  chapter('The event gets lost');
  await clock.advance(20_000);
  step('WeChat', 'pushed xpay_goods_deliver_notify; nothing arrived');
  check('WeChat has the money', atWeChat()?.payment !== undefined);
  check('nobody is a member yet', here()?.trade_state === 'NOTPAY' && expiry() === undefined);

  chapter('The timer finds it');
  await clock.advance(2.5 * MINUTE_MS);
  step('queryOrders', 'asked WeChat: query_order', 'nothing else than the order’s own state is believed');
  check('the order is paid here as well', here()?.trade_state === 'SUCCESS');
  step(
    'queryOrders',
    'told WeChat: notify_provide_goods',
    'the event never came, so it was not acknowledged',
  );
  check('WeChat has it as delivered: status 4', atWeChat()?.status === 4);
  const until = expiry();
  check(`the membership lasts until ${until && chinaDate(until)}`, until !== undefined);

  chapter('The event comes after all, five times at once');
  lost();
  const attempts = await virtualpay.resendEvent(0, out_trade_no, { times: 5, parallel: true });
  step('WeChat', 'pushed it again', attempts.map(({ outcome }) => outcome).join(', '));
  check(
    'virtualPayNotify answered ErrCode 0 to each',
    attempts.every(({ outcome }) => outcome === 'ok'),
  );
  check('nothing was added twice', expiry()?.getTime() === until?.getTime());

  chapter('Somebody forges an event about an order that is not paid');
  const second = placed(
    await host.callFunction(
      'createOrder',
      { ...request, request_id: 'demo-request-00000003', code: weixin.login(shopper.openid) },
      shopper,
    ),
  );
  const target = {
    ...{ out_trade_no: second.order.out_trade_no, openid: shopper.openid, env: 0 as const },
    ...{ product_id: 'city_3m_4800', price: 4800 },
  };
  const forged = await virtualpay.forgeEvent(target, 'never paid');
  step('a forger', 'calls virtualPayNotify with a body like a real one', forged.why);
  check('query_order decides: it was refused', forged.outcome === 'refused');
  check('and nobody got anything', expiry()?.getTime() === until?.getTime());

  chapter(`${other.name} has an iPhone`);
  const apple = { openid: other.openid, appid: MERCHANT.appid };
  const bought = placed(
    await host.callFunction(
      'createOrder',
      { ...request, request_id: 'demo-request-00000004', code: weixin.login(apple.openid) },
      apple,
    ),
  );
  const iphone = { openid: apple.openid, platform: 'ios', version: '8.0.70' } as const;
  const sheet = virtualpay.cashDesk.open(bought.payment, iphone);
  if (sheet.kind !== 'shown') throw new Error(`The cash desk refused: ${sheet.errMsg} (${sheet.why})`);
  virtualpay.cashDesk.pay(sheet.id);
  await clock.advance(0);
  await virtualpay.eventsSettled();
  step('WeChat', 'pushed the event, without WeChatPayInfo: Apple was paid');
  check('the membership is there as well', membershipOf(world, apple.openid) !== undefined);
  const decision = await virtualpay.askApple(bought.order.out_trade_no);
  step('Apple', 'asks whether to give the money back', `answered within 3 s: ${decision.answer}`);
  check('what was delivered is not given back by the question alone', decision.answer === 'refuse');

  chapter('A day later');
  await clock.advance(24 * 60 * MINUTE_MS);
  const swept = await timers.runNow('queryOrders');
  check('nothing is paid and undelivered', swept.kind === 'answered' && virtualpay.orders().every(isDone));
}

function isDone({ payment, status }: { readonly payment?: unknown; readonly status: number }): boolean {
  return payment === undefined || status === 4;
}

interface Placed {
  readonly order: { readonly out_trade_no: string; readonly body: string; readonly total_fee: number };
  readonly payment: { readonly signData: string };
}

/** What createOrder answers, or the end of the story. */
function placed(answer: unknown): Placed {
  if (typeof answer === 'object' && answer !== null && 'order' in answer && 'payment' in answer)
    return answer as Placed;
  throw new Error(`createOrder refused: ${JSON.stringify(answer)}`);
}

function isRefusal(answer: unknown, errcode: string): boolean {
  return typeof answer === 'object' && answer !== null && 'errcode' in answer && answer.errcode === errcode;
}

function membershipOf({ cloud }: LocalWorld, openid: string): Date | undefined {
  const user = cloud.documents('users').find(({ _id }) => _id === openid);
  const memberships = user?.memberships as { city?: { expires_at: Date } } | undefined;
  return memberships?.city?.expires_at;
}
