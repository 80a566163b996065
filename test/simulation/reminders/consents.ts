import type { Subscriptions } from '../../../scripts/local/weixin/subscriptions.ts';
import type { Chance } from '../chance.ts';
import type { EventLog } from '../event-log.ts';
import type { Payer } from '../payment-side.ts';
import type { Phone } from '../phone.ts';

/** So many of the shops remind their shoppers. */
const REMIND = 0.4;

/** The template of the message, as the mini-program has it. */
const TEMPLATE = {
  id: 'simulated-template-of-the-reminder-00001',
  title: '会员到期提醒',
  fields: ['thing1', 'time2', 'thing3'],
} as const;

/** How a shop reminds, and who agreed to it. */
export interface Consents {
  readonly isThere: boolean;
  /** What the functions are given of it. */
  readonly variables: Readonly<Record<string, string>>;
  /** The shopper says yes to WeChat: that is one message. */
  accept(openid: string): void;
}

export function openConsents(
  subscriptions: Subscriptions,
  { chance, isPlain }: { readonly chance: Chance; readonly isPlain: boolean },
): Consents {
  const isThere = !isPlain && chance.happens(REMIND);
  subscriptions.addTemplate(TEMPLATE);
  const settings = {
    REMINDER_TEMPLATE_ID: TEMPLATE.id,
    REMINDER_FIELDS: 'thing1=name,time2=end,thing3=note',
  };
  return {
    isThere,
    variables: isThere ? settings : {},
    accept: (openid) => subscriptions.answer(openid, TEMPLATE.id, 'accept'),
  };
}

/** Right after paying WeChat asks, and the phone passes a yes on. Some phones say yes where WeChat was told no. */
export async function maybeAgree(
  { consents, phone, log }: { readonly consents: Consents; readonly phone: Phone; readonly log: EventLog },
  { payer, out_trade_no }: { readonly payer: Payer; readonly out_trade_no: string },
  chance: Chance,
): Promise<void> {
  if (!consents.isThere || !chance.happens(0.7)) return;
  if (chance.happens(0.9)) consents.accept(payer.openid);
  log.record(payer.openid, 'agrees to be reminded');
  await phone.call('checkOrder', { out_trade_no, remind: true }, payer);
}
