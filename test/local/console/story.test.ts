import { describe, expect, test } from 'vitest';
import { wantedOf } from '../../../scripts/local/console/browser/story/filter.ts';
import { narrate } from '../../../scripts/local/console/browser/story/narration.ts';
import { ownersOf } from '../../../scripts/local/console/browser/story/owners.ts';
import type { Row } from '../../../scripts/local/console/browser/story/row.ts';
import { storyOf } from '../../../scripts/local/console/browser/story/story.ts';
import type { ConsoleEvent } from '../../../scripts/local/console/wire.ts';
import { type Line, orderOf, reported } from './samples.ts';

const TO_DATABASE = { from: 'function', to: 'database' } as const;
const FROM_DATABASE = { from: 'database', to: 'function', kind: 'reply' } as const;

/** A call to the database and its answer. */
function ask(id: string, label: string, payload: object, answer: unknown = {}): Line[] {
  return [
    { ...TO_DATABASE, id, label, payload, invocation: 'run' },
    { ...FROM_DATABASE, id, label, payload: answer, invocation: 'run' },
  ];
}

function idleRun(id: string, offset = 0): Line[] {
  return [
    { from: 'timer', to: 'function', label: 'queryOrders', id, invocation: id, offset },
    { ...TO_DATABASE, label: 'database.getDocument orders', id: `${id}q`, invocation: id, offset },
    { ...FROM_DATABASE, label: 'database.getDocument orders', id: `${id}q`, invocation: id, offset },
    {
      from: 'function',
      to: 'timer',
      kind: 'reply',
      label: 'queryOrders',
      id,
      invocation: id,
      payload: {},
      offset,
    },
  ];
}

/** The story in lines of text: what a reader of the diagram reads. */
function read(events: readonly ConsoleEvent[], isWhole = false): string[] {
  return storyOf(events, { productNames: { city: '城市版' }, isWhole }).map(line);
}

function line(row: Row): string {
  switch (row.kind) {
    case 'jump':
      return `jump ${row.ms}`;
    case 'chapter':
      return `# ${row.title}`;
    case 'mark':
      return `(${row.sign}) ${row.label}`;
    case 'arrow':
      return `${row.from} > ${row.to} ${row.line}: ${[row.label, ...(row.beside ?? [])].join(' | ')}`;
  }
}

describe('the gist', () => {
  test('reads of one run are one row, each with what it found', () => {
    const events = reported(
      ...ask('1', 'database.getDocument users', { collectionName: 'users' }, { data: { list: [] } }),
      ...ask(
        '2',
        'database.getDocument products',
        { collectionName: 'products' },
        { data: { list: ['{}'] } },
      ),
      ...ask('3', 'database.calculateDocument orders', { collectionName: 'orders' }, { data: { total: 2 } }),
    );
    expect(read(events)).toEqual(['function > database call: 读 users：没有，products，数 orders：2']);
  });

  test('reads of the phone and of a function are distinguished', () => {
    const [call] = ask('1', 'database.getDocument orders', { collectionName: 'orders' });
    const phone = { ...call, from: 'mini-program', to: 'database', id: '2', invocation: 'phone' } as const;
    const events = reported(...ask('1', 'database.getDocument orders', { collectionName: 'orders' }), phone);
    expect(read(events)).toEqual([
      'function > database call: 读 orders',
      'mini-program > database call: 读 orders',
    ]);
  });

  test('a transaction that changes an order and a membership is one thick line that says what it changed', () => {
    expect(read(reported(...settlement()))).toEqual([
      'function > database settle: settle | NOTPAY → SUCCESS | 城市版 +3 个月',
    ]);
  });

  test.each([
    ['of an earlier release', {}, ['城市版 +3 个月']],
    ['for days', { grants: [{ membership: 'city', term: { days: 7 } }] }, ['城市版 +7 天']],
    [
      'that gives two memberships',
      {
        grants: [
          { membership: 'city', term: { months: 3 } },
          { membership: 'market', term: { days: 7 } },
        ],
      },
      ['城市版 +3 个月', 'market +7 天'],
    ],
    ['whose grant cannot be read', { grants: [{ membership: 'city' }] }, ['城市版 有变化']],
    ['whose grants are none', { grants: [] }, ['会员期有变化']],
  ])('an order %s says what it gives', (_, fields, given) => {
    const [row] = read(reported(...settlement(fields)));
    expect(row).toBe(['function > database settle: settle', 'NOTPAY → SUCCESS', ...given].join(' | '));
  });

  test('a refund gives nothing: what it took is not in the order', () => {
    const lines = settlement({ trade_state: 'SUCCESS' }).map((line) => ({
      ...line,
      payload: JSON.parse(JSON.stringify(line.payload).replace('SUCCESS\\"}}', 'REFUND\\"}}')),
    }));
    expect(read(reported(...lines))).toEqual([
      'function > database settle: settle | SUCCESS → REFUND | 会员期有变化',
    ]);
  });

  test.each<
    [
      what: string,
      call: readonly [label: string, payload: object],
      answer: object,
      told: string,
      isBad: boolean,
    ]
  >([
    [
      'an order that is there already',
      ['insertDocument orders', { collectionName: 'orders' }],
      { code: 'DATABASE_REQUEST_FAILED', message: '[FailedOperation.Insert] E11000 duplicate key' },
      'orders：已经有了',
      false,
    ],
    [
      'a write that is refused',
      ['insertDocument orders', { collectionName: 'orders' }],
      { code: 'DATABASE_REQUEST_FAILED', message: 'no' },
      'orders：DATABASE_REQUEST_FAILED',
      true,
    ],
    [
      'an alarm',
      ['insertDocument alarms', { collectionName: 'alarms', data: ['{"code":"HELD"}'] }],
      {},
      'alarms 新增 HELD',
      true,
    ],
    [
      'an alarm that was told',
      ['modifyDocument alarms', { collectionName: 'alarms', data: '{"$set":{"told_at":1}}' }],
      { data: { updated: 1 } },
      '记下已通知',
      false,
    ],
    [
      'an alarm that is still open',
      [
        'modifyDocument alarms',
        { collectionName: 'alarms', data: '{"$set":{"done_at":null,"told_at":null}}' },
      ],
      { data: { updated: 0 } },
      '告警还没有处理',
      false,
    ],
  ])('%s is drawn as what it is', (_, [label, payload], answer, told, isBad) => {
    const rows = storyOf(reported(...ask('1', `database.${label}`, payload, answer)), { productNames: {} });
    expect(rows).toMatchObject([{ label: told, isBad }]);
  });

  test.each([
    [
      'a refund',
      '/secapi/pay/refund',
      { refund_fee: '1000', total_fee: '4800' },
      { return_code: 'SUCCESS', result_code: 'SUCCESS' },
      ['refund ¥10.00', 'SUCCESS'],
    ],
    [
      'a bill',
      '/pay/downloadbill',
      { bill_date: '20270115' },
      { bill_date: '20270115', lines: '3', bytes: '99' },
      ['downloadbill 20270115', '账单，3 行'],
    ],
    [
      'an order of which nothing was given back',
      '/pay/refundquery',
      { out_trade_no: 'a' },
      { return_code: 'SUCCESS', result_code: 'FAIL', err_code: 'REFUNDNOTEXIST' },
      ['refundquery', 'REFUNDNOTEXIST'],
    ],
    [
      'a day without a bill',
      '/pay/downloadbill',
      { bill_date: '20270115' },
      { return_code: 'FAIL', return_msg: 'No Bill Exist' },
      ['downloadbill 20270115', '这一天没有账单'],
    ],
  ])('%s that WeChat answers is not drawn in red', (_, label, payload, answer, told) => {
    const asked = { from: 'function', to: 'wechatpay', label, id: 'r', invocation: 'run', payload } as const;
    const answered = {
      from: 'wechatpay',
      to: 'function',
      kind: 'reply',
      label,
      id: 'r',
      payload: answer,
    } as const;
    const rows = storyOf(reported(asked, answered), { productNames: {} });
    expect(rows).toMatchObject(told.map((words) => ({ label: words })));
    expect(rows.filter((row) => 'isBad' in row && row.isBad)).toEqual([]);
  });

  test('a robot that refuses is drawn in red, with its number', () => {
    const robot = { from: 'robot', to: 'function', kind: 'reply', label: '群机器人 wecom' } as const;
    const rows = storyOf(reported({ ...robot, payload: { answer: '{"errcode":45009}' } }), {
      productNames: {},
    });
    expect(rows).toMatchObject([{ label: '群机器人回答 45009', isBad: true }]);
  });

  test('what reaches a function by HTTP is answered with its status', () => {
    const call = { from: 'wechatpay', to: 'function', label: 'payNotify', id: 'i', invocation: 'i' } as const;
    const answer = {
      from: 'function',
      to: 'wechatpay',
      kind: 'reply',
      label: 'payNotify',
      id: 'i',
      invocation: 'i',
    } as const;
    const told = (payload: object) =>
      storyOf(reported(call, { ...answer, payload }), { productNames: {} })
        .flatMap((row) => (row.kind === 'arrow' ? [`${row.label} ${row.isBad ?? false}`] : []))
        .at(-1);
    expect(told({ statusCode: 200, body: 'ok' })).toBe('HTTP 200 false');
    expect(told({ statusCode: 401, body: '' })).toBe('HTTP 401 true');
    expect(told({ code: 'FUNCTIONS_TIME_LIMIT_EXCEEDED', message: '' })).toContain(
      'FUNCTIONS_TIME_LIMIT_EXCEEDED true',
    );
  });

  test('runs of timers that found nothing are no part of the act above them', () => {
    const [call, , , reply] = idleRun('run');
    const write = ask('1', 'database.modifyDocument orders', {
      collectionName: 'orders',
      data: '{"$set":{"query_count":1}}',
    });
    const bills = idleRun('b').map((line) => ({
      ...line,
      label: line.label?.replace('queryOrders', 'reconcileBills') ?? '',
    }));
    const act = [call, ...write, reply].filter((each) => each !== undefined);
    expect(read(reported(...act, ...bills))).toEqual([
      '# 定时核对',
      '(timer) queryOrders 定时器',
      'function > database call: 认领 next_query_at',
      '# 定时器',
      '(timer) reconcileBills：没有要做的事',
    ]);
  });

  test('a transaction is dashed while nobody knows its end', () => {
    expect(read(reported(...settlement().slice(0, -2)))).toEqual([
      'function > database open: 事务还没有结束',
    ]);
  });

  test.each([
    [
      'that met a conflict',
      { code: 'DATABASE_TRANSACTION_CONFLICT' },
      '事务撤回：DATABASE_TRANSACTION_CONFLICT',
    ],
    ['whose answer was lost', 'cut', '事务撤回：没有回答'],
  ])('a transaction %s settles nothing', (_, payload, label) => {
    const lines = settlement();
    const kind = typeof payload === 'string' ? 'lost' : 'reply';
    const events = reported(...lines.slice(0, -1), { ...FROM_DATABASE, ...lines.at(-1), kind, payload });
    expect(read(events)).toEqual([`function > database call: ${label}`]);
  });

  test('runs of a timer that found nothing are one row, and the jumps between them one jump', () => {
    const events = reported(
      ...idleRun('a'),
      ...idleRun('b', 60_000),
      ...idleRun('c', 120_000),
      ...idleRun('d', 120_000),
    );
    expect(read(events)).toEqual([
      '(timer) queryOrders：没有到时间的订单',
      'jump 120000',
      '(timer) queryOrders × 3：没有到时间的订单',
    ]);
  });

  test('a run that wrote something is reported', () => {
    const [call, , , reply] = idleRun('run');
    const write = ask('1', 'database.modifyDocument orders', {
      collectionName: 'orders',
      data: '{"$set":{"queried_at":1,"query_count":1}}',
    });
    const lines = [call, ...write, reply].filter((each) => each !== undefined);
    expect(read(reported(...lines))).toEqual([
      '# 定时核对',
      '(timer) queryOrders 定时器',
      'function > database call: 认领 next_query_at',
    ]);
  });

  test('a run that only noted how far it has looked is none, and one that told the group chat is', () => {
    const [call, , , reply] = idleRun('run');
    const noted = ask('1', 'database.modifyDocument progress', {
      collectionName: 'progress',
      data: '{"$set":{}}',
    });
    const robot = { label: '群机器人 wecom', id: 'robot-1' } as const;
    const message = { msgtype: 'text', text: { content: '【店铺告警】1 条\n1. …' } };
    const told: Line[] = [
      { from: 'function', to: 'robot', ...robot, payload: message },
      { from: 'robot', to: 'function', kind: 'reply', ...robot, payload: { answer: '{"errcode":0}' } },
      ...ask('2', 'database.modifyDocument alarms', {
        collectionName: 'alarms',
        data: '{"$set":{"told_at":1}}',
      }),
    ];
    const lines = (deeds: readonly Line[]) => [call, ...deeds, reply].filter((each) => each !== undefined);
    expect(read(reported(...lines(noted)))).toEqual(['(timer) queryOrders：没有到时间的订单']);
    expect(read(reported(...lines(told)))).toEqual([
      '# 定时核对',
      '(timer) queryOrders 定时器',
      'function > wechatpay call: 群机器人：【店铺告警】1 条',
      'wechatpay > function reply: 群机器人回答',
      'function > database call: 记下已通知',
    ]);
  });

  test('notices are counted, and the hop through HTTP access is no row of its own', () => {
    const notice = { from: 'wechatpay', to: 'function', label: 'notice' } as const;
    const events = reported(
      { ...notice, kind: 'lost', payload: { out_trade_no: 'a' } },
      { ...notice, id: 'n1', payload: { out_trade_no: 'a' } },
      {
        ...notice,
        label: 'payNotify',
        id: 'i',
        invocation: 'i',
        payload: { headers: { 'request-id': 'n1' } },
      },
      { from: 'function', to: 'wechatpay', kind: 'reply', label: 'payNotify', id: 'i', invocation: 'i' },
      {
        from: 'function',
        to: 'wechatpay',
        kind: 'reply',
        label: 'notice',
        id: 'n1',
        payload: { outcome: 'SUCCESS' },
      },
    );
    expect(read(events)).toEqual([
      '# 通知',
      'wechatpay > function lost: notify',
      'wechatpay > function call: notify 第 2 次',
      'function > wechatpay reply: SUCCESS，不再重发',
    ]);
  });

  test('the bar of a working function begins with its call and ends with its answer', () => {
    const call = {
      from: 'mini-program',
      to: 'function',
      label: 'checkOrder',
      id: 'run',
      invocation: 'run',
    } as const;
    const events = reported(call, ...ask('1', 'database.getDocument orders', { collectionName: 'orders' }), {
      ...call,
      from: 'function',
      to: 'mini-program',
      kind: 'reply',
      payload: {},
    });
    const busy = storyOf(events, { productNames: {} }).map((row) => [row.busy.before, row.busy.after]);
    expect(busy).toEqual([
      [false, false],
      [false, true],
      [true, true],
      [true, false],
    ]);
  });
});

test('the whole story has a row for every event', () => {
  const events = reported(...settlement(), ...idleRun('a'), {
    from: 'shopper',
    to: 'wechatpay',
    label: 'pay',
  });
  expect(read(events, true)).toHaveLength(events.length);
});

test.each([
  ['no payload', undefined],
  ['text', 'cut…'],
  ['a list', [1]],
  [
    'other shapes than expected',
    { collectionName: 7, data: 7, headers: 7, list: 7, errMsg: 7, transactionId: 7 },
  ],
])('a payload of %s never breaks the story', (_, payload) => {
  const parties = ['mini-program', 'function', 'database', 'wechatpay', 'timer', 'shopper'] as const;
  const kinds = ['call', 'reply', 'lost', 'change'] as const;
  const labels = ['database.getDocument orders', '/pay/unifiedorder', 'notice', 'wx.requestPayment', 'x'];
  const lines = parties.flatMap((from) =>
    parties.flatMap((to) =>
      kinds.flatMap((kind) => labels.map((label) => ({ from, to, kind, label, payload }))),
    ),
  );
  expect(() => read(reported(...lines))).not.toThrow();
  expect(() => narrate(reported(...lines), [orderOf({ there: 'SUCCESS' })])).not.toThrow();
});

test.each([
  ['wechatpay', 'NOTPAY', null, '订单已保存，微信支付还没有收下'],
  ['wechatpay', 'NOTPAY', 'NOTPAY', '订单已保存，等买家付款'],
  ['wechatpay', 'NOTPAY', 'SUCCESS', '买家已付款，通知还没有到：这里还不知道'],
  ['wechatpay', 'SUCCESS', 'SUCCESS', '已支付，会员已开通'],
  ['wechatpay', 'CLOSED', 'CLOSED', '到时没有收到付款，订单已关闭'],
  ['wechatpay', null, 'NOTPAY', '只有微信支付有这笔订单'],
  // Virtual payment has an order once its cashier opens.
  ['virtualpay', 'NOTPAY', null, '订单已保存，等买家付款'],
  ['virtualpay', 'NOTPAY', 'SUCCESS', '买家已付款，推送还没有到：这里还不知道'],
  ['virtualpay', null, 'NOTPAY', '只有虚拟支付有这笔订单'],
] as const)('%s: here %s, there %s is reported as: %s', (channel, here, there, sentence) => {
  expect(narrate([], [orderOf({ channel, here, there })])?.sentence).toBe(sentence);
});

describe('several orders', () => {
  const call = (order: string, invocation: string): Line[] => [
    {
      ...{ from: 'mini-program', to: 'function', label: 'checkOrder', id: invocation, invocation },
      payload: { out_trade_no: order },
    },
  ];
  const query = (order: string, invocation: string): Line[] =>
    [
      { ...TO_DATABASE, id: `q ${invocation}`, label: 'database.getDocument orders', invocation },
      { ...FROM_DATABASE, id: `q ${invocation}`, label: 'database.getDocument orders', invocation },
    ].map((line) => ({ ...line, payload: { query: `{"_id":"${order}"}`, collectionName: 'orders' } }));
  /** Two phones ask at once, and their functions work side by side. */
  const both = () => reported(...call('a', '1'), ...call('b', '2'), ...query('a', '1'), ...query('b', '2'));

  test('one order’s story is never inside another’s', () => {
    const rows = storyOf(both(), { productNames: {} });
    const orders = rows.map((row) => ('order' in row ? row.order : undefined));
    expect(orders).toEqual(['a', 'a', 'a', 'b', 'b', 'b']);
    expect(rows.map(({ kind }) => kind)).toEqual(['chapter', 'arrow', 'arrow', 'chapter', 'arrow', 'arrow']);
  });

  test('a function’s course belongs to its order from its first call on', () => {
    const started = {
      from: 'mini-program',
      to: 'function',
      label: 'createOrder',
      id: '1',
      invocation: '1',
    } as const;
    const answered: Line = {
      ...{ ...started, from: 'function', to: 'mini-program', kind: 'reply' },
      payload: { order: { out_trade_no: 'new' } },
    };
    const events = reported(started, ...query('old', '1'), answered);
    expect([...ownersOf(events).values()]).toEqual(['new', 'new', 'new', 'new']);
  });

  test.each([
    ['an order', { order: 'a', find: '' }, ['1', 'q 1', 'q 1']],
    ['a number', { order: undefined, find: 'B' }, ['2', 'q 2', 'q 2']],
    ['a transaction', { order: undefined, find: '4200' }, ['2', 'q 2', 'q 2']],
    ['a function', { order: undefined, find: 'checkorder' }, ['1', '2', 'q 1', 'q 1', 'q 2', 'q 2']],
    ['anything that was sent', { order: undefined, find: '"_id":"a' }, []],
    ['nothing', { order: undefined, find: 'no such thing' }, []],
  ])('%s is looked for', (_, wanted, ids) => {
    const events = both();
    const orders = [orderOf({ out_trade_no: 'b', transaction_id: '42000001' })];
    const found = wantedOf(events, wanted, { owners: ownersOf(events), orders });
    expect(found.map(({ id }) => id)).toEqual(ids);
  });
});

test('who found a payment whose notice was lost is reported', () => {
  const lost = {
    from: 'wechatpay',
    to: 'function',
    kind: 'lost',
    label: 'notice',
    payload: { out_trade_no: 'a' },
  } as const;
  const run = { from: 'timer', to: 'function', label: 'queryOrders', id: 'run', invocation: 'run' } as const;
  const narration = narrate(reported(lost, run, ...settlement()), [
    orderOf({ here: 'SUCCESS', there: 'SUCCESS' }),
  ]);
  expect(narration).toEqual({ out_trade_no: 'a', sentence: '通知丢了，定时器把付款找了回来' });
});

/** A function books the payment of an order, which is for three months of the city. */
function settlement(fields: object = {}): Line[] {
  const transactionId = 't';
  const set = (fields: object) => JSON.stringify({ $set: fields });
  const found = JSON.stringify({ _id: 'a', trade_state: 'NOTPAY', product_id: 'city', months: 3, ...fields });
  return [
    ...ask('1', 'database.startTransaction', {}, { transactionId }),
    ...ask(
      '2',
      'database.getDocument orders',
      { collectionName: 'orders', transactionId },
      { data: { list: [found] } },
    ),
    ...ask('3', 'database.modifyDocument users', {
      collectionName: 'users',
      transactionId,
      data: set({ memberships: { city: { expires_at: 1 } } }),
    }),
    ...ask('4', 'database.modifyDocument orders', {
      collectionName: 'orders',
      transactionId,
      query: '{"_id":"a"}',
      data: set({ trade_state: 'SUCCESS' }),
    }),
    ...ask('5', 'database.commitTransaction', { transactionId }),
  ];
}
