import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sign } from '../../../scripts/local/wechatpay/sign.ts';
import { writeXml } from '../../../scripts/local/wechatpay/xml.ts';
import { APPID, createWorld, MERCHANT, MINUTE_MS, OTHER, OUT_TRADE_NO, orderParameters } from './world.ts';

const tooLong = (name: string, label: string, bytes: number, max: number) =>
  `输入源“/body/xml/${name}”映射到值字段“${label}”字符串规则校验失败，字节数 ${bytes}，大于最大值 ${max}`;
const patternOf = (name: string) => expect.stringContaining(`输入源“/body/xml/${name}”`);

describe('unifiedorder takes', () => {
  test.each([
    ['the least it asks for', { time_start: undefined, time_expire: undefined }],
    [
      'every parameter it knows',
      {
        device_info: '013467007045764',
        detail: '{"goods_detail":[]}',
        attach: '说明',
        fee_type: 'CNY',
        goods_tag: 'WXG',
        product_id: '12235413214070356458058',
        limit_pay: 'no_credit',
        receipt: 'Y',
        profit_sharing: 'N',
        scene_info: '{"store_info":{"id":"SZTX001"}}',
        sign_type: 'MD5',
      },
    ],
    ['an empty parameter that may be left out', { attach: '' }],
    ['127 bytes of body', { body: 'x'.repeat(127) }],
    ['6 characters of out_trade_no', { out_trade_no: 'a_-|*1' }],
    ['32 characters of out_trade_no', { out_trade_no: 'f'.repeat(32) }],
    ['1 fen', { total_fee: '1' }],
    ['an IPv6 address', { spbill_create_ip: '2001:db8::1' }],
    ['a time_expire of more than five minutes', { time_expire: '20270115120501' }],
  ])('%s', async (_name, parameters) => {
    expect(await createWorld().order(parameters)).toMatchObject({ result_code: 'SUCCESS' });
  });
});

describe('unifiedorder refuses, unsigned,', () => {
  type Row = [name: string, parameters: Record<string, string | undefined>, return_msg: unknown];
  test.each<Row>([
    ['no appid', { appid: undefined }, '缺少参数'],
    ['no mch_id', { mch_id: undefined }, '缺少参数'],
    ['no nonce_str', { nonce_str: undefined }, '缺少参数'],
    ['no body', { body: undefined }, '缺少参数'],
    ['an empty body', { body: '' }, '缺少参数'],
    ['no out_trade_no', { out_trade_no: undefined }, '缺少参数'],
    ['no total_fee', { total_fee: undefined }, '缺少参数'],
    ['no spbill_create_ip', { spbill_create_ip: undefined }, '缺少参数'],
    ['no notify_url', { notify_url: undefined }, '缺少参数'],
    ['no trade_type', { trade_type: undefined }, '缺少参数'],
    ['no sign', { sign: '' }, '缺少参数'],
    ['JSAPI without openid', { openid: undefined }, 'JSAPI支付必须传openid'],
    ["another app's openid", { openid: 'oOfTheOther' }, 'appid and openid not match'],
    ['an openid nobody has', { openid: 'oNobody' }, 'appid and openid not match'],
    ['128 bytes of body', { body: 'x'.repeat(128) }, tooLong('body', '商品描述', 128, 127)],
    ['43 Chinese characters of body', { body: '城'.repeat(43) }, tooLong('body', '商品描述', 129, 127)],
    ['128 bytes of attach', { attach: 'x'.repeat(128) }, tooLong('attach', '附加数据', 128, 127)],
    ['33 bytes of device_info', { device_info: 'x'.repeat(33) }, tooLong('device_info', '设备号', 33, 32)],
    ['6001 bytes of detail', { detail: 'x'.repeat(6001) }, tooLong('detail', '商品详情', 6001, 6000)],
    ['33 bytes of goods_tag', { goods_tag: 'x'.repeat(33) }, tooLong('goods_tag', '订单优惠标记', 33, 32)],
    ['33 bytes of product_id', { product_id: 'x'.repeat(33) }, tooLong('product_id', '商品ID', 33, 32)],
    ['129 bytes of openid', { openid: 'x'.repeat(129) }, tooLong('openid', '用户标识', 129, 128)],
    ['257 bytes of scene_info', { scene_info: 'x'.repeat(257) }, tooLong('scene_info', '场景信息', 257, 256)],
    ['65 bytes of sign', { sign: 'A'.repeat(65) }, tooLong('sign', '签名', 65, 64)],
    ['33 bytes of appid', { appid: 'x'.repeat(33) }, tooLong('appid', '公众账号ID', 33, 32)],
    ['a receipt that is neither Y nor N', { receipt: '1' }, patternOf('receipt')],
    ['profit_sharing in lower case', { profit_sharing: 'y' }, patternOf('profit_sharing')],
    ['33 characters of nonce_str', { nonce_str: 'x'.repeat(33) }, tooLong('nonce_str', '随机字符串', 33, 32)],
    [
      '33 characters of out_trade_no',
      { out_trade_no: 'x'.repeat(33) },
      tooLong('out_trade_no', '商户订单号', 33, 32),
    ],
    [
      '5 characters of out_trade_no',
      { out_trade_no: 'x'.repeat(5) },
      expect.stringContaining('字节数 5，小于最小值 6'),
    ],
    ['Chinese in out_trade_no', { out_trade_no: '订单订单' }, patternOf('out_trade_no')],
    ['a space in out_trade_no', { out_trade_no: 'order 0001' }, patternOf('out_trade_no')],
    ['an @ in out_trade_no', { out_trade_no: 'order@0001' }, patternOf('out_trade_no')],
    ['0 fen', { total_fee: '0' }, 'invalid total_fee'],
    ['less than nothing', { total_fee: '-1' }, 'invalid total_fee'],
    ['more than ten million yuan', { total_fee: '1000000001' }, 'invalid total_fee'],
    ['an amount in yuan', { total_fee: '48.00' }, expect.stringContaining('64 位有符号整数')],
    ['an amount in words', { total_fee: 'free' }, expect.stringContaining('64 位有符号整数')],
    ['another currency', { fee_type: 'USD' }, patternOf('fee_type')],
    ['a host name as IP', { spbill_create_ip: 'localhost' }, 'invalid spbill_create_ip'],
    [
      'a notify_url with a query string',
      { notify_url: 'https://example.com/n?a=1' },
      patternOf('notify_url'),
    ],
    ['a notify_url with a fragment', { notify_url: 'https://example.com/n#a' }, patternOf('notify_url')],
    ['a notify_url without protocol', { notify_url: 'example.com/n' }, patternOf('notify_url')],
    [
      '257 bytes of notify_url',
      { notify_url: `https://example.com/${'n'.repeat(237)}` },
      patternOf('notify_url'),
    ],
    ['a trade_type that is none', { trade_type: 'jsapi' }, patternOf('trade_type')],
    ...['NATIVE', 'APP', 'MWEB'].map(
      (trade_type): Row => [
        `${trade_type}, which it was not opened for`,
        { trade_type },
        expect.stringContaining('产品权限未开通'),
      ],
    ),
    ['a sign_type that is none', { sign_type: 'SHA256' }, patternOf('sign_type')],
    ['limit_pay other than no_credit', { limit_pay: 'credit' }, patternOf('limit_pay')],
    ['a time with punctuation', { time_start: '2027-01-15 12:00' }, patternOf('time_start')],
    ['a day that is none', { time_start: '20270230120000' }, '交易起始时间格式错误'],
    ['an hour that is none', { time_expire: '20270115240000' }, '交易结束时间格式错误'],
    ['time_expire before time_start', { time_expire: '20270115120000' }, '交易有效截止时间非法'],
    [
      'a time_expire in five minutes',
      { time_expire: '20270115120500' },
      expect.stringContaining('time_expire时间过短'),
    ],
    [
      'a time_expire in UTC',
      { time_start: undefined, time_expire: '20270115043000' },
      '交易有效截止时间非法',
    ],
    ['a mch_id with letters', { mch_id: 'merchant01' }, 'mch_id参数格式错误'],
    ['a mch_id nobody has', { mch_id: '1999999999' }, '商户号mch_id或sub_mch_id不存在'],
    ['an appid nobody has', { appid: 'wx0000000000000000' }, 'appid不存在'],
    ["another merchant's appid", { appid: 'wx2421b1c4370ec43b' }, '商户号mch_id与appid不匹配'],
    ['a wrong sign', { sign: '0'.repeat(32) }, '签名错误'],
    ['a sign in lower case', { sign: '9a0a8659f005d6984697e2ca0a9cf3b7' }, '签名错误'],
  ])('%s', async (_name, parameters, return_msg) => {
    const world = createWorld();
    expect({ ...(await world.order(parameters)) }).toEqual({ return_code: 'FAIL', return_msg });
    expect(world.wechatpay.orders()).toEqual([]);
  });

  test("another merchant's key", async () => {
    const world = createWorld();
    const answer = await world.ask('unifiedorder', orderParameters(), OTHER.api_key);
    expect({ ...answer }).toEqual({ return_code: 'FAIL', return_msg: '签名错误' });
  });

  test.each([
    ['an MD5 sign that sign_type calls HMAC-SHA256', 'MD5', 'HMAC-SHA256'],
    ['an HMAC-SHA256 sign without sign_type', 'HMAC-SHA256', undefined],
  ] as const)('%s', async (_name, signedWith, sign_type) => {
    const request = { ...orderParameters(), ...(sign_type ? { sign_type } : {}) };
    const common = { appid: APPID, mch_id: MERCHANT.mch_id, nonce_str: 'ibuaiVcKdpRxkhJA' };
    const answer = await createWorld().order({
      sign_type,
      sign: sign({ ...common, ...request }, MERCHANT.api_key, signedWith),
    });
    expect({ ...answer }).toEqual({ return_code: 'FAIL', return_msg: '签名错误' });
  });
});

describe('every API refuses, unsigned,', () => {
  const rows: [string, string, string | Buffer, string][] = [
    ['GET', 'GET', '', '请使用post方法'],
    ['an empty body', 'POST', '', 'post数据为空'],
    ['bytes that are not UTF-8', 'POST', Buffer.from([0x3c, 0xff, 0xfe]), '编码格式错误'],
    ['JSON', 'POST', '{}', 'XML格式错误'],
    ['a DOCTYPE', 'POST', '<!DOCTYPE a><xml><a>1</a></xml>', 'XML格式错误'],
    ['no fields', 'POST', '<xml></xml>', '缺少参数'],
  ];
  const apis = ['/pay/unifiedorder', '/pay/orderquery', '/pay/closeorder'];
  test.each(rows.flatMap(([name, ...rest]) => apis.map((api) => [name, api, ...rest] as const)))(
    '%s to %s',
    async (_name, api, method, body, return_msg) => {
      expect({ ...(await createWorld().post(api, body, method)) }).toEqual({
        return_code: 'FAIL',
        return_msg,
      });
    },
  );
});

describe('an API refuses, unsigned, a parameter that its table does not have', () => {
  test.each<['order' | 'query' | 'close', string, string]>([
    ['order', 'something_new', '1'],
    ['order', 'transaction_id', '4200000000000000000000000000'],
    ['order', 'appId', APPID],
    ['order', 'something_empty', ''],
    ['query', 'spbill_create_ip', '127.0.0.1'],
    ['query', 'openid', 'oUpF8uMEb4qRXf22hE3X68TekukE'],
    ['query', 'trade_type', 'JSAPI'],
    ['close', 'spbill_create_ip', '127.0.0.1'],
    ['close', 'transaction_id', '4200000000000000000000000000'],
    ['close', 'total_fee', '4800'],
    ['close', 'constructor', '1'],
  ])('%s with %s', async (api, name, value) => {
    const world = createWorld();
    await world.order();
    await world.clock.advance(6 * MINUTE_MS);
    const parameters = { out_trade_no: OUT_TRADE_NO, [name]: value };
    expect({ ...(await world[api](parameters)) }).toEqual({
      return_code: 'FAIL',
      return_msg: `不识别的参数${name}`,
    });
    expect(world.wechatpay.orders()).toMatchObject([{ trade_state: 'NOTPAY' }]);
  });

  test('a long name is not repeated whole', async () => {
    const { return_msg = '' } = await createWorld().close({
      out_trade_no: OUT_TRADE_NO,
      ['x'.repeat(999)]: '1',
    });
    expect(return_msg).toBe(`不识别的参数${'x'.repeat(64)}`);
  });
});

test.each([
  [
    'orderquery',
    'about 33 bytes of transaction_id',
    { transaction_id: '4'.repeat(33) },
    tooLong('transaction_id', '微信订单号', 33, 32),
  ],
  [
    'orderquery',
    'about 33 bytes of out_trade_no',
    { out_trade_no: 'x'.repeat(33) },
    tooLong('out_trade_no', '商户订单号', 33, 32),
  ],
  ['closeorder', 'of nothing', {}, '缺少参数'],
  ['closeorder', 'by transaction_id alone', { transaction_id: '4200000000000000000000000000' }, '缺少参数'],
  [
    'closeorder',
    'of 33 bytes of out_trade_no',
    { out_trade_no: 'x'.repeat(33) },
    tooLong('out_trade_no', '商户订单号', 33, 32),
  ],
  ['closeorder', 'with a wrong sign', { out_trade_no: 'order-0001', sign: '0'.repeat(32) }, '签名错误'],
  ['orderquery', 'with a wrong sign', { out_trade_no: 'order-0001', sign: '0'.repeat(32) }, '签名错误'],
])('%s %s is refused, unsigned', async (api, _name, parameters: Record<string, string>, return_msg) => {
  expect({ ...(await createWorld().ask(api, parameters)) }).toEqual({ return_code: 'FAIL', return_msg });
});

test('the trace says why, and never shows a sign', async () => {
  const world = createWorld();
  await world.order({ body: undefined });
  await world.order();
  const events = world.trace.since();
  expect(events.map(({ from, to, kind, label }) => `${from} ${to} ${kind} ${label}`)).toEqual([
    'function wechatpay call /pay/unifiedorder',
    'wechatpay function reply /pay/unifiedorder',
    'function wechatpay call /pay/unifiedorder',
    'wechatpay function reply /pay/unifiedorder',
  ]);
  expect(events[1]?.payload).toMatchObject({ why: 'missing or empty: body' });
  expect(JSON.stringify(events)).not.toMatch(/[0-9A-F]{32}/);
});

test.each([
  ['SIGNERROR', '签名错误', { sign: '0'.repeat(32) }],
  ['LACK_PARAMS', '缺少参数', { body: undefined }],
  ['APPID_NOT_EXIST', 'appid不存在', { appid: 'wx0000000000000000' }],
])(
  'a world after the letter of the documents answers %s as a signed err_code',
  async (err_code, err_code_des, parameters) => {
    const world = createWorld({ refusals: 'documented' });
    const answer = await world.order(parameters);
    expect(answer).toMatchObject({ return_code: 'SUCCESS', result_code: 'FAIL', err_code, err_code_des });
    expect(answer.sign).toMatch(/^[0-9A-F]{32}$/);
  },
);

test('a merchant that does not exist gets that answer unsigned even then', async () => {
  const body = writeXml({
    appid: APPID,
    mch_id: '1999999999',
    nonce_str: 'n',
    sign: 'S',
    out_trade_no: 'order-0001',
  });
  const answer = await createWorld({ refusals: 'documented' }).post('/pay/orderquery', body);
  expect({ ...answer }).toEqual({ return_code: 'FAIL', return_msg: '商户号mch_id或sub_mch_id不存在' });
});

test('a key has 32 bytes', () => {
  expect(() => createWorld({ merchants: [{ ...MERCHANT, api_key: 'short' }] })).toThrow('32 bytes');
});

test('no request makes it fall over', async () => {
  const { wechatpay } = createWorld();
  const path = fc.constantFrom('/pay/unifiedorder', '/pay/orderquery', '/pay/closeorder');
  await fc.assert(
    fc.asyncProperty(path, fc.uint8Array({ maxLength: 100 }), async (api, bytes) => {
      const answer = await wechatpay.handle(api, 'POST', Buffer.from(bytes));
      expect(answer.body).toContain('<return_code><![CDATA[FAIL]]></return_code>');
    }),
  );
});
