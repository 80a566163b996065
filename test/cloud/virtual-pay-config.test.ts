import { describe, expect, test } from 'vitest';
import {
  readVirtualPaySettings,
  readWeixinConfig,
} from '../../cloudfunctions/_shared/cloud/virtual-pay-config.ts';

const SECRET = '0123456789abcdef0123456789abcdef';
const APP_KEY = 'demo-live-appkey-0123456789abcdef';
const SETTINGS = { WEIXIN_APP_SECRET: SECRET, VIRTUAL_PAY_APP_KEY: APP_KEY };

test('two settings are enough to ask about an order, live', () => {
  expect(readVirtualPaySettings(SETTINGS)).toEqual({ app_secret: SECRET, app_key: APP_KEY, env: 0 });
});

test('the OfferID and the sandbox are taken where they are given', () => {
  const given = { ...SETTINGS, VIRTUAL_PAY_OFFER_ID: '1450000000', VIRTUAL_PAY_ENV: '1' };
  expect(readVirtualPaySettings(given)).toMatchObject({ offer_id: '1450000000', env: 1 });
});

test.each([
  ['none of them', {}, /WEIXIN_APP_SECRET is missing; VIRTUAL_PAY_APP_KEY is missing/],
  ['an AppSecret that is cut off', { ...SETTINGS, WEIXIN_APP_SECRET: SECRET.slice(1) }, /WEIXIN_APP_SECRET/],
  ['an AppKey with a space', { ...SETTINGS, VIRTUAL_PAY_APP_KEY: 'two words here' }, /VIRTUAL_PAY_APP_KEY/],
  ['an OfferID that is none', { ...SETTINGS, VIRTUAL_PAY_OFFER_ID: 'offer' }, /VIRTUAL_PAY_OFFER_ID/],
  ['another env', { ...SETTINGS, VIRTUAL_PAY_ENV: '2' }, /VIRTUAL_PAY_ENV/],
])('%s is an answer that names them and no value, since WeChat Pay goes on without', (_, given, named) => {
  const read = readVirtualPaySettings(given);
  expect(read).toEqual({ problem: expect.stringMatching(named) });
  for (const value of Object.values(given).filter((each) => each.length > 5))
    expect(JSON.stringify(read)).not.toContain(value);
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
});
