import type { Network } from '../network.ts';
import type { Server } from '../server.ts';
import { openCashier } from '../shell/cashier-sheet.ts';
import type { Phone } from '../shell/phone.ts';
import { answered, api } from './api.ts';
import { fail, type Options, optionalText, text } from './failure.ts';

/** The password that the shopper types to see what a lack of funds does. */
export const POOR_PASSWORD = '111111';

export function paymentApis({ server, phone, network }: { server: Server; phone: Phone; network: Network }) {
  return {
    requestPayment: api('requestPayment', (options) => requestPayment(options, { server, phone, network })),
  };
}

async function requestPayment(
  options: Options,
  { server, phone, network }: { server: Server; phone: Phone; network: Network },
): Promise<void> {
  const parameters = {
    timeStamp: text(options, 'timeStamp'),
    nonceStr: text(options, 'nonceStr'),
    package: text(options, 'package'),
    signType: optionalText(options, 'signType', 'MD5'),
    paySign: text(options, 'paySign'),
  };
  if (!network.isConnected()) fail('network error');
  const { cashier } = server;
  const payment = await answered(() => cashier.open(parameters));
  if (payment.kind === 'refused') return fail(payment.reason);

  const sheet = openCashier(phone, payment);
  const password = await sheet.password;
  if (password === undefined) {
    sheet.close();
    await answered(() => cashier.cancel(payment.id));
    return fail('cancel');
  }
  if (password === POOR_PASSWORD) {
    await answered(() => cashier.fail(payment.id, 'NOTENOUGH'));
    await sheet.refuse('零钱余额不足');
    return fail('余额不足');
  }
  const outcome = await answered(() => cashier.pay(payment.id));
  if (outcome.kind === 'paid') return sheet.close();
  await sheet.refuse(outcome.reason);
  return fail(outcome.reason);
}
