import { expect, test } from 'vitest';
import { writeXml } from '../../scripts/local/wechatpay/xml.ts';
import { defend } from './attack.ts';
import { answers } from './doors/answers.ts';
import { bills } from './doors/bills.ts';
import { calls } from './doors/calls.ts';
import { database } from './doors/database.ts';
import { desk } from './doors/desk.ts';
import { events } from './doors/events.ts';
import { localServers } from './doors/local-servers.ts';
import { notices } from './doors/notices.ts';
import { refundNotices } from './doors/refund-notices.ts';
import { refunds } from './doors/refunds.ts';
import { reminders } from './doors/reminders.ts';
import { robots } from './doors/robots.ts';
import { xml } from './doors/xml.ts';
import { noticeOf, openShopUnderAttack, post, signed } from './shop-under-attack.ts';

defend(notices);
defend(xml);
defend(calls);
defend(database);
defend(desk);
defend(answers);
defend(bills);
defend(refunds);
defend(refundNotices);
defend(events);
defend(localServers);
defend(robots);
defend(reminders);

test('a right notice settles, so what is refused above is refused for what is wrong with it', async () => {
  const place = await openShopUnderAttack();
  try {
    const { shop, own, unpaid } = place;
    expect((await post(place, signed(noticeOf(shop, own)))).status).toBe(200);
    expect((await post(place, writeXml(signed(noticeOf(shop, unpaid))))).status).toBe(200);
    expect([own, unpaid].map(({ out_trade_no }) => shop.stored(out_trade_no).trade_state)).toEqual([
      'SUCCESS',
      'SUCCESS',
    ]);
  } finally {
    await place.close();
  }
});
