import { describe, expect, test } from 'vitest';
import { readVirtualPay } from '../../cloudfunctions/_shared/cloud/shop-config.ts';
import {
  readVirtualPayConfig,
  readWeixinConfig,
} from '../../cloudfunctions/_shared/cloud/virtual-pay-config.ts';

const SECRET = '0123456789abcdef0123456789abcdef';
const APP_KEY = 'demo-live-appkey-0123456789abcdef';
const SETTINGS = { WEIXIN_APP_SECRET: SECRET, VIRTUAL_PAY_APP_KEY: APP_KEY };

test('two settings are enough to ask about an order, live', () => {
  const weixin = { origin: 'https://api.weixin.qq.com', timeout_ms: 5000 };
  expect(readVirtualPayConfig(SETTINGS)).toEqual({ app_secret: SECRET, app_key: APP_KEY, env: 0, weixin });
});

test('the OfferID and the sandbox are taken where they are given', () => {
  const given = { ...SETTINGS, VIRTUAL_PAY_OFFER_ID: '1450000000', VIRTUAL_PAY_ENV: '1' };
  expect(readVirtualPayConfig(given)).toMatchObject({ offer_id: '1450000000', env: 1 });
});

test.each([
  ['none of them', {}, /WEIXIN_APP_SECRET is missing; VIRTUAL_PAY_APP_KEY is missing/],
  ['an AppSecret that is cut off', { ...SETTINGS, WEIXIN_APP_SECRET: SECRET.slice(1) }, /WEIXIN_APP_SECRET/],
  ['an AppKey with a space', { ...SETTINGS, VIRTUAL_PAY_APP_KEY: 'two words here' }, /VIRTUAL_PAY_APP_KEY/],
  ['an OfferID that is none', { ...SETTINGS, VIRTUAL_PAY_OFFER_ID: 'offer' }, /VIRTUAL_PAY_OFFER_ID/],
  ['another env', { ...SETTINGS, VIRTUAL_PAY_ENV: '2' }, /VIRTUAL_PAY_ENV/],
  ['a host that is none', { ...SETTINGS, WEIXIN_API_ORIGIN: 'nowhere' }, /WEIXIN_API_ORIGIN/],
])('%s is refused with its name and no value', (_, given, named) => {
  const { problem } = { problem: '', ...readVirtualPay(given) };
  expect(problem).toMatch(named);
  for (const value of Object.values(given).filter((each) => each.length > 5))
    expect(problem).not.toContain(value);
});

describe('the way to api.weixin.qq.com', () => {
  test('is its own, with the time that WeChat Pay has too', () => {
    expect(readWeixinConfig({})).toEqual({ origin: 'https://api.weixin.qq.com', timeout_ms: 5000 });
  });

  test('is another one in tests', () => {
    const given = { WEIXIN_API_ORIGIN: 'http://127.0.0.1:1', WECHAT_PAY_TIMEOUT_MS: '600' };
    expect(readWeixinConfig(given)).toEqual({ origin: 'http://127.0.0.1:1', timeout_ms: 600 });
    expect(() => readWeixinConfig({ WEIXIN_API_ORIGIN: 'nowhere' })).toThrow('WEIXIN_API_ORIGIN');
  });

  test('does not stop for a time that is none, which WeChat Pay reports', () => {
    expect(readWeixinConfig({ WECHAT_PAY_TIMEOUT_MS: '5s' })).toMatchObject({ timeout_ms: 5000 });
  });
});
