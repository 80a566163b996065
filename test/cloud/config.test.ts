import { describe, expect, test } from 'vitest';
import { readMerchantConfig, readOrderConfig } from '../../cloudfunctions/_shared/cloud/config.ts';

const API_KEY = 'k'.repeat(32);
const MERCHANT = { WECHAT_PAY_MCH_ID: '10000100', WECHAT_PAY_API_KEY: API_KEY };
const ORDER = { ...MERCHANT, WECHAT_PAY_NOTIFY_URL: 'https://pay.example.com/payNotify' };

/** What reading the variables throws. */
function problemWith(variables: Record<string, string | undefined>): { code: string; message: string } {
  try {
    readOrderConfig(variables);
  } catch (error) {
    return error as { code: string; message: string };
  }
  throw new Error('The configuration was accepted.');
}

test('two variables are enough to speak to WeChat Pay, and what is left out has its usual value', () => {
  expect(readMerchantConfig(MERCHANT)).toEqual({
    merchant: { mch_id: '10000100', api_key: API_KEY },
    timeout_ms: 5000,
    ships: false,
  });
});

test('orders live 30 minutes and are signed with HMAC-SHA256 unless the merchant says otherwise', () => {
  expect(readOrderConfig(ORDER)).toMatchObject({ sign_type: 'HMAC-SHA256', lifetime_ms: 30 * 60_000 });
  const other = { ...ORDER, WECHAT_PAY_SIGN_TYPE: 'MD5', ORDER_LIFETIME_MINUTES: '10' };
  expect(readOrderConfig(other)).toMatchObject({ sign_type: 'MD5', lifetime_ms: 10 * 60_000 });
});

test('a previous key and another gateway are taken where they are given', () => {
  const given = {
    ...MERCHANT,
    WECHAT_PAY_API_KEY_PREVIOUS: 'p'.repeat(32),
    WECHAT_PAY_BASE_URL: 'http://127.0.0.1:1',
  };
  expect(readMerchantConfig(given)).toMatchObject({
    merchant: { api_key_previous: 'p'.repeat(32) },
    base_url: 'http://127.0.0.1:1',
  });
});

test('everything that is missing is named at once', () => {
  const { code, message } = problemWith({});
  expect(code).toBe('CONFIGURATION_WRONG');
  expect(message).toContain('WECHAT_PAY_MCH_ID is missing');
  expect(message).toContain('WECHAT_PAY_API_KEY is missing');
  expect(message).toContain('WECHAT_PAY_NOTIFY_URL is missing');
});

describe('what is wrong is named, and its value is not reported', () => {
  test.each([
    ['WECHAT_PAY_MCH_ID', 'wx10000100'],
    ['WECHAT_PAY_API_KEY', 'too-short-a-secret'],
    ['WECHAT_PAY_API_KEY_PREVIOUS', 'too-short-a-secret'],
    ['WECHAT_PAY_NOTIFY_URL', 'pay.example.com/payNotify'],
    ['WECHAT_PAY_NOTIFY_URL', 'ftp://pay.example.com/payNotify'],
    ['WECHAT_PAY_NOTIFY_URL', 'https://pay.example.com/payNotify?from=wechat'],
    ['WECHAT_PAY_NOTIFY_URL', 'https://pay.example.com/[payNotify]'],
    ['WECHAT_PAY_NOTIFY_URL', `https://pay.example.com/${'x'.repeat(256)}`],
    ['WECHAT_PAY_SIGN_TYPE', 'SHA1'],
    ['WECHAT_PAY_BASE_URL', 'not an address'],
    ['WECHAT_PAY_TIMEOUT_MS', '5s'],
    ['WECHAT_PAY_TIMEOUT_MS', '20000'],
    ['ORDER_LIFETIME_MINUTES', '5'],
    ['ORDER_LIFETIME_MINUTES', '111'],
    ['ORDER_LIFETIME_MINUTES', '30.5'],
  ])('%s=%s', (name, value) => {
    const { code, message } = problemWith({ ...ORDER, [name]: value });
    expect(code).toBe('CONFIGURATION_WRONG');
    expect(message).toContain(name);
    expect(message).not.toContain(value);
  });
});

test('an emptied field in the console is as good as none', () => {
  expect(problemWith({ ...ORDER, WECHAT_PAY_API_KEY: '  ' }).message).toContain(
    'WECHAT_PAY_API_KEY is missing',
  );
  expect(readOrderConfig({ ...ORDER, WECHAT_PAY_API_KEY_PREVIOUS: '' }).merchant).not.toHaveProperty(
    'api_key_previous',
  );
});
