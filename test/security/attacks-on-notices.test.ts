import { expect, test } from 'vitest';
import { writeXml } from '../../scripts/local/wechatpay/xml.ts';
import { defend } from './attack.ts';
import { events } from './doors/events.ts';
import { notices } from './doors/notices.ts';
import { refundNotices } from './doors/refund-notices.ts';
import { xml } from './doors/xml.ts';
import { noticeOf, openShopUnderAttack, post, signed } from './shop-under-attack.ts';

defend(notices);
defend(xml);
defend(refundNotices);
defend(events);

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
