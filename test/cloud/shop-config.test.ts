import { describe, expect, test } from 'vitest';
import { readOrderConfig } from '../../cloudfunctions/_shared/cloud/config.ts';
import { readOrderingConfig, readShopConfig } from '../../cloudfunctions/_shared/cloud/shop-config.ts';

const WECHAT_PAY = {
  WECHAT_PAY_MCH_ID: '10000100',
  WECHAT_PAY_API_KEY: 'k'.repeat(32),
  WECHAT_PAY_NOTIFY_URL: 'https://pay.example.com/payNotify',
};
const VIRTUAL_PAY = {
  WEIXIN_APP_SECRET: '0123456789abcdef0123456789abcdef',
  VIRTUAL_PAY_APP_KEY: 'demo-live-appkey-0123456789abcdef',
  VIRTUAL_PAY_OFFER_ID: '1450000000',
};
type Given = Readonly<Record<string, string>>;

/** Which ways to pay can be used; in their place, what is wrong with them. */
function usableUnder(variables: Given): Readonly<Record<string, string>> {
  const { wechatpay, virtualpay, lifetime_ms } = readOrderingConfig(variables);
  expect(lifetime_ms).toBe(30 * 60_000);
  return {
    wechatpay: 'problem' in wechatpay ? wechatpay.problem : 'usable',
    virtualpay: 'problem' in virtualpay ? virtualpay.problem : 'usable',
  };
}

const messageOf = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error('The configuration was accepted.');
};

describe('a shop that sells through both ways', () => {
  test('has both', () => {
    const both = { wechatpay: 'usable', virtualpay: 'usable' };
    expect(usableUnder({ ...WECHAT_PAY, ...VIRTUAL_PAY })).toEqual(both);
  });

  test.each<[string, Given]>([
    ['WECHAT_PAY_MCH_ID', { WECHAT_PAY_MCH_ID: 'wx10000100' }],
    ['WECHAT_PAY_API_KEY', { WECHAT_PAY_API_KEY: '' }],
    ['WECHAT_PAY_API_KEY', { WECHAT_PAY_API_KEY: 'too-short-a-secret' }],
    ['WECHAT_PAY_NOTIFY_URL', { WECHAT_PAY_NOTIFY_URL: 'nowhere' }],
    ['WECHAT_PAY_SIGN_TYPE', { WECHAT_PAY_SIGN_TYPE: 'SHA1' }],
    ['WECHAT_PAY_BASE_URL', { WECHAT_PAY_BASE_URL: 'nowhere' }],
    ['WECHAT_PAY_TIMEOUT_MS', { WECHAT_PAY_TIMEOUT_MS: '5s' }],
    ['WECHAT_PAY_CERT', { WECHAT_PAY_CERT: 'no certificate' }],
  ])('goes on with virtual payment where %s is wrong: %j', (name, wrong) => {
    const usable = usableUnder({ ...WECHAT_PAY, ...VIRTUAL_PAY, ...wrong });
    expect(usable).toEqual({ wechatpay: expect.stringContaining(name), virtualpay: 'usable' });
    for (const value of Object.values(wrong)) if (value) expect(usable.wechatpay).not.toContain(value);
  });

  test.each<[string, Given]>([
    ['WEIXIN_APP_SECRET', { WEIXIN_APP_SECRET: 'too-short-a-secret' }],
    ['VIRTUAL_PAY_APP_KEY', { VIRTUAL_PAY_APP_KEY: '' }],
    ['VIRTUAL_PAY_OFFER_ID', { VIRTUAL_PAY_OFFER_ID: 'offer' }],
    ['VIRTUAL_PAY_ENV', { VIRTUAL_PAY_ENV: '2' }],
    ['WEIXIN_API_ORIGIN', { WEIXIN_API_ORIGIN: 'nowhere' }],
  ])('goes on with WeChat Pay where %s is wrong: %j', (name, wrong) => {
    const usable = usableUnder({ ...WECHAT_PAY, ...VIRTUAL_PAY, ...wrong });
    expect(usable).toEqual({ wechatpay: 'usable', virtualpay: expect.stringContaining(name) });
  });

  test('is refused with both faults where neither can be used', () => {
    const wrong = {
      ...WECHAT_PAY,
      ...VIRTUAL_PAY,
      WECHAT_PAY_API_KEY: 'short',
      WEIXIN_API_ORIGIN: 'nowhere',
    };
    const message = messageOf(() => readShopConfig(wrong));
    expect(message).toMatch(/WECHAT_PAY_API_KEY .*WEIXIN_API_ORIGIN /);
  });

  test('makes no orders on terms that are wrong, however they are paid', () => {
    const wrong = { ...WECHAT_PAY, ...VIRTUAL_PAY, ORDER_LIFETIME_MINUTES: '5' };
    expect(messageOf(() => readOrderingConfig(wrong))).toContain('ORDER_LIFETIME_MINUTES');
    expect(readShopConfig(wrong)).not.toHaveProperty('wechatpay.problem');
  });
});

describe('a shop that sells through one way', () => {
  test.each<[string, Given]>([
    ['nothing at all', {}],
    ['no key', { ...WECHAT_PAY, WECHAT_PAY_API_KEY: '' }],
    ['every setting wrong', { WECHAT_PAY_API_KEY: 'short', ORDER_LIFETIME_MINUTES: '5' }],
    ['a secret for other uses', { WEIXIN_APP_SECRET: VIRTUAL_PAY.WEIXIN_APP_SECRET }],
  ])('WeChat Pay is refused as ever: with %s', (_, variables) => {
    expect(messageOf(() => readOrderingConfig(variables))).toBe(messageOf(() => readOrderConfig(variables)));
  });

  test('virtual payment needs no setting of WeChat Pay', () => {
    expect(usableUnder(VIRTUAL_PAY)).toMatchObject({ virtualpay: 'usable' });
  });

  test('virtual payment is refused by its own faults alone', () => {
    const message = messageOf(() => readOrderingConfig({ ...VIRTUAL_PAY, WEIXIN_APP_SECRET: '' }));
    expect(message).toContain('WEIXIN_APP_SECRET is missing');
    expect(message).not.toContain('WECHAT_PAY_');
  });
});
