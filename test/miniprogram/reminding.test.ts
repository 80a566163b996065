import { describe, expect, test } from 'vitest';
import { choose, endingNext } from '../../miniprogram/logic/choice.ts';
import { buy } from '../../miniprogram/logic/shop/buying.ts';
import { offerReminder } from '../../miniprogram/logic/shop/reminding.ts';
import { termKeyIn } from '../../miniprogram/logic/term.ts';
import { CITY as CITY_PRODUCT, memoryStore, NOW, PREMIUM } from './samples.ts';
import { openCounter } from './shop-counter.ts';

const products = [CITY_PRODUCT, PREMIUM];
const CITY = { product_id: 'city', months: 3, total_fee: 4800, channel: 'wechatpay' } as const;

describe('after paying', () => {
  test('a shopper who agrees is reminded of the order that was paid', async () => {
    const { counter, checkout } = openCounter();
    counter.template = 'template';
    const bought = await buy(checkout, CITY, () => {});
    expect(counter.reminded).toEqual([bought.kind === 'ordered' ? bought.out_trade_no : '']);
  });

  test('nothing is asked in a shop without a template, nor of who has not paid', async () => {
    const { counter, checkout } = openCounter();
    await buy(checkout, CITY, () => {});
    counter.template = 'template';
    counter.leaves = 'cancelled';
    await buy(checkout, { ...CITY, product_id: 'market' }, () => {});
    expect(counter).toMatchObject({ asked: 0, reminded: [] });
  });

  test('whatever the shopper answers, and where they cannot be asked, the order is shown', async () => {
    for (const consent of ['accept', 'reject', 'unasked'] as const) {
      const { counter, checkout } = openCounter();
      Object.assign(counter, { template: 'template', consent });
      expect(await buy(checkout, CITY, () => {})).toMatchObject({ kind: 'ordered' });
      expect(counter.reminded).toHaveLength(consent === 'accept' ? 1 : 0);
    }
  });

  test('a no is taken for half a year', async () => {
    let asked = 0;
    const phone = {
      store: memoryStore(),
      askForMessage: async () => {
        asked++;
        return 'reject' as const;
      },
      wantReminder: () => {},
    };
    const daysLater = (days: number) => new Date(NOW.getTime() + days * 86_400_000).toISOString();
    for (const days of [0, 1, 100, 179, 181]) {
      await offerReminder(phone, { template_id: 'template', out_trade_no: 'a', now: daysLater(days) });
    }
    expect(asked).toBe(2);
  });
});

describe('the shop is opened', () => {
  const inDays = (days: number) => new Date(NOW.getTime() + days * 86_400_000).toISOString();

  test('by a reminder, with what renews the membership chosen', () => {
    const wanted = { product_id: 'premium', term: termKeyIn({ months: '1' }) };
    expect(choose(products, wanted)).toMatchObject({
      product: { product_id: 'premium' },
      option: { months: 1 },
    });
  });

  test.each([{}, { months: '' }, { months: '1e9' }, { months: '-3' }, { months: '2.5' }, { months: 'x' }])(
    'by a link that names the term %j, as if it named none',
    (query) => {
      const term = termKeyIn(query);
      expect(term).toBeUndefined();
      expect(choose(products, { product_id: '__proto__', term })).toMatchObject({ option: { months: 3 } });
    },
  );

  test('by a member, with the membership that ends next', () => {
    const now = NOW;
    expect(endingNext(products, { memberships: {}, now })).toBeUndefined();
    const memberships = { city: inDays(40), premium: inDays(3), gone: inDays(1) };
    expect(endingNext(products, { memberships, now })).toBe('premium');
    expect(endingNext(products, { memberships: { premium: inDays(-1) }, now })).toBeUndefined();
  });
});
