import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { alarmsIn } from '../../cloudfunctions/_shared/cloud/database/stores/alarms.ts';
import { tellingIn } from '../../cloudfunctions/_shared/cloud/database/stores/telling.ts';
import { alarm } from '../../cloudfunctions/_shared/order/alarms.ts';
import type { Logger } from '../../cloudfunctions/_shared/order/ports.ts';
import { adviceOf } from '../../cloudfunctions/_shared/order/telling/advice.ts';
import { alarmText } from '../../cloudfunctions/_shared/order/telling/alarm-text.ts';
import { announce } from '../../cloudfunctions/_shared/order/telling/announce-day.ts';
import type { DayOfChannel } from '../../cloudfunctions/_shared/order/telling/day-text.ts';
import type { Said } from '../../cloudfunctions/_shared/order/telling/ports.ts';
import { tell } from '../../cloudfunctions/_shared/order/telling/tell.ts';
import { WorldClock } from '../../scripts/local/clock.ts';
import { inProcess, type OpenDatabase } from '../cloud/databases.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const BYTES_MAX = 2048;

const DAY: DayOfChannel = {
  channel: 'wechatpay',
  bill_date: '20270114',
  payments: { count: 12, fee: 123400 },
  refunds: { count: 1, fee: 1005 },
  fees: 740,
  differences: { repaired: 0, alarmed: 0 },
};

let clock: WorldClock;
let opened: OpenDatabase;
let chat: string[];
let warned: string[];
let isDown: boolean;

beforeEach(async () => {
  clock = new WorldClock({ source: () => Date.UTC(2027, 0, 15, 2, 30) });
  opened = await inProcess(clock);
  [chat, warned, isDown] = [[], [], false];
});
afterEach(async () => {
  await opened.close();
  clock.dispose();
});

const logger: Logger = { info() {}, warn: (fact) => warned.push(fact), error() {} };

/** A run of the timer. */
async function run({ left_ms = 30_000, say = async (text: string) => said(text) } = {}): Promise<void> {
  const deadline = new Date(clock.now().getTime() + left_ms);
  await tell({ clock, logger, telling: tellingIn(opened.database), say, deadline }, BYTES_MAX);
}

function said(text: string): Said {
  if (isDown) return { kind: 'unsaid', code: 'TIMEOUT', message: 'The robot is silent.' };
  chat.push(text);
  return { kind: 'said' };
}

async function raise(subject: string, change: object = {}): Promise<void> {
  const raised = alarm('PAID_TWICE', subject, `message about ${subject}`, clock.now());
  await opened.cloud.insert('alarms', { ...raised, ...change });
}

const subjectsTold = () => chat.flatMap((text) => text.match(/order-\d+/g) ?? []);

describe('alarms', () => {
  test('each is told once, and says when', async () => {
    await raise('order-1');
    await run();
    await clock.advance(MINUTE_MS);
    await raise('order-2');
    await run();
    await run();
    expect(subjectsTold()).toEqual(['order-1', 'order-2']);
    const stored = opened.cloud.documents('alarms').map(({ told_at }) => told_at);
    expect(stored).toEqual([new Date(clock.now().getTime() - MINUTE_MS), clock.now()]);
  });

  test('two runs at once tell each once', async () => {
    await raise('order-1');
    await Promise.all([run(), run(), run()]);
    expect(subjectsTold()).toEqual(['order-1']);
  });

  test('a run that takes its turn after another told for the first time tells nothing again', async () => {
    await raise('order-1');
    const telling = tellingIn(opened.database);
    const late: typeof telling = {
      ...telling,
      claim: async (from, next_at) => {
        await run();
        return telling.claim(from, next_at);
      },
    };
    const deadline = new Date(clock.now().getTime() + 30_000);
    await tell({ clock, logger, telling: late, say: async (text) => said(text), deadline }, BYTES_MAX);
    expect(subjectsTold()).toEqual(['order-1']);
  });

  test('several are one message', async () => {
    for (let count = 1; count <= 12; count++) {
      await raise(`order-${count}`);
      await clock.advance(1);
    }
    await run();
    expect(chat).toHaveLength(1);
    expect(chat[0]).toContain('【店铺告警】12 条');
    expect(chat[0]).toContain('order-1、order-2、order-3 等 12 个');
  });

  test('what does not fit is told by the next run', async () => {
    const codes = [
      'HELD',
      'PAID_TWICE',
      'ORDER_UNKNOWN',
      'REFUND_REFUSED',
      'ITEM_NOT_PUBLISHED',
      'REFUND_ABNORMAL',
    ];
    for (const code of codes) await raise(`order-${codes.indexOf(code)}`, { code, _id: code });
    const small = async () => {
      const deadline = new Date(clock.now().getTime() + 30_000);
      await tell(
        { clock, logger, telling: tellingIn(opened.database), say: async (text) => said(text), deadline },
        600,
      );
    };
    for (let runs = 0; runs < 6; runs++) await small();
    expect(subjectsTold().toSorted()).toEqual(codes.map((_, index) => `order-${index}`));
    expect(chat.length).toBeGreaterThan(1);
    for (const text of chat) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(600);
  });

  test('hundreds are told page by page, none twice and none left out', async () => {
    for (let count = 0; count < 450; count++) {
      await raise(`order-${count}`);
      if (count % 100 === 0) await clock.advance(1);
    }
    for (let runs = 0; runs < 8; runs++) await run();
    const told = opened.cloud.documents('alarms').filter(({ told_at }) => told_at !== undefined);
    expect(told).toHaveLength(450);
    const counts = chat.map((text) => Number(/】(\d+) 条/.exec(text)?.[1]));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(450);
  });

  test('hundreds of one moment are told, none left out', async () => {
    for (let count = 0; count < 450; count++) await raise(`order-${count}`);
    for (let runs = 0; runs < 6; runs++) await run();
    const told = opened.cloud.documents('alarms').filter(({ told_at }) => told_at !== undefined);
    expect(told).toHaveLength(450);
    await clock.advance(2 * HOUR_MS);
    await run();
    await raise('order-450');
    await run();
    expect(chat.at(-1)).toContain('order-450');
  });

  test('one that is written late, among hundreds that were told meanwhile, is told too', async () => {
    await clock.advance(1);
    const early = clock.now();
    for (let count = 0; count < 450; count++) {
      await clock.advance(1);
      await raise(`order-${count}`);
    }
    for (let runs = 0; runs < 6; runs++) await run();
    await clock.advance(20 * MINUTE_MS);
    const said = chat.length;
    await raise('order-1000', { created_at: early });
    await raise('order-1001', { created_at: new Date(early.getTime() + 250), _id: 'late' });
    for (let runs = 0; runs < 6; runs++) await run();
    expect(chat.slice(said).flatMap((text) => text.match(/order-\d+/g) ?? [])).toEqual([
      'order-1000',
      'order-1001',
    ]);
  });

  test('of more than a run looks at, the last are told once the first can be passed', async () => {
    for (let count = 0; count < 2300; count++) {
      if (count % 100 === 0) await clock.advance(1);
      await raise(`order-${count}`);
    }
    for (let runs = 0; runs < 30; runs++) {
      await run();
      await clock.advance(3 * MINUTE_MS);
    }
    const told = opened.cloud.documents('alarms').filter(({ told_at }) => told_at !== undefined);
    expect(told).toHaveLength(2300);
  });

  test('those of a shop that has just got a robot: of the last three days, without those that are done', async () => {
    await raise('order-1');
    await clock.advance(3 * DAY_MS + MINUTE_MS);
    await raise('order-2');
    await clock.advance(1);
    await raise('order-3', { done_at: clock.now() });
    await raise('order-4', { done_at: null, told_at: null });
    await clock.advance(DAY_MS);
    await run();
    expect(subjectsTold()).toEqual(['order-2', 'order-4']);
  });

  test('one that is written after others were told is told too', async () => {
    const early = clock.now();
    await clock.advance(30_000);
    await raise('order-2');
    await run();
    await raise('order-1', { created_at: early });
    await clock.advance(30_000);
    await run();
    expect(subjectsTold()).toEqual(['order-2', 'order-1']);
  });

  test('one that an instance wrote late, since it was frozen, is told too', async () => {
    const early = clock.now();
    await clock.advance(20 * MINUTE_MS);
    await raise('order-2');
    await run();
    await clock.advance(MINUTE_MS);
    await raise('order-1', { created_at: early });
    await run();
    expect(subjectsTold()).toEqual(['order-2', 'order-1']);
  });

  test('one that comes again after somebody was done with it is told again', async () => {
    const alarms = alarmsIn(opened.database, logger);
    const raiseAgain = () => alarms.raise(alarm('PAID_TWICE', 'order-1', 'Refund one.', clock.now()));
    await raiseAgain();
    await run();
    await clock.advance(DAY_MS);
    await raiseAgain();
    await run();
    expect(subjectsTold()).toEqual(['order-1']);
    const [{ _id } = {}] = opened.cloud.documents('alarms');
    await opened.database.update('alarms', { _id: String(_id) }, { done_at: clock.now(), done_by: '店员' });
    await clock.advance(DAY_MS);
    await raiseAgain();
    await run();
    expect(subjectsTold()).toEqual(['order-1', 'order-1']);
  });

  test('documents that somebody edited into nonsense stop nobody', async () => {
    await opened.cloud.insert('alarms', { _id: 'a', created_at: clock.now(), code: 7 });
    await raise('order-1', { code: 'CODE_OF_A_LATER_RELEASE' });
    await run();
    expect(subjectsTold()).toEqual(['order-1']);
    expect(chat[0]).toContain('需要人工查看');
  });

  test('nothing to tell reads and writes nothing but what is there', async () => {
    await run();
    const before = opened.cloud.documents('progress');
    await clock.advance(MINUTE_MS);
    await run();
    expect(opened.cloud.documents('progress')).toEqual(before);
  });
});

describe('a robot that is down', () => {
  test('is asked again ever more seldom, and tells everything once it is back', async () => {
    isDown = true;
    await raise('order-1');
    let tries = 0;
    const say = async (text: string) => {
      tries++;
      return said(text);
    };
    for (let minute = 0; minute < 120; minute++) {
      await run({ say });
      await clock.advance(MINUTE_MS);
    }
    // After 1, 2, 4 … minutes, and then each hour.
    expect(tries).toBe(7);
    expect(warned).toEqual(Array(7).fill('robot.unsaid'));
    expect(opened.cloud.documents('alarms')).toHaveLength(1);
    isDown = false;
    await raise('order-2');
    await clock.advance(HOUR_MS);
    await run({ say });
    expect(subjectsTold()).toEqual(['order-1', 'order-2']);
  });

  test('a run that dies while it tells leaves it to another, a minute later', async () => {
    await raise('order-1');
    await expect(run({ say: () => Promise.reject(new Error('killed')) })).rejects.toThrow('killed');
    await run();
    expect(chat).toEqual([]);
    await clock.advance(MINUTE_MS);
    await run();
    expect(subjectsTold()).toEqual(['order-1']);
  });

  test('nothing is begun that has no time left', async () => {
    await raise('order-1');
    await run({ left_ms: 3999 });
    expect(chat).toEqual([]);
    await run({ left_ms: 4000 });
    expect(subjectsTold()).toEqual(['order-1']);
  });
});

describe('the day', () => {
  const announceNow = (...days: readonly [DayOfChannel, ...DayOfChannel[]]) =>
    announce({ clock, telling: tellingIn(opened.database) }, days);

  test('is said once, after the alarms, with everything that a shopkeeper asks for', async () => {
    await raise('order-1');
    await announceNow(DAY, { ...DAY, channel: 'virtualpay', differences: { repaired: 2, alarmed: 1 } });
    await run();
    await run();
    await announceNow(DAY);
    await run();
    expect(chat).toHaveLength(2);
    expect(chat[1]).toBe(
      [
        '【店铺日报】1 月 14 日',
        '微信支付：收款 12 笔 1234.00 元，退款 1 笔 10.05 元，手续费 7.40 元，对账无差异',
        '虚拟支付：收款 12 笔 1234.00 元，退款 1 笔 10.05 元，手续费 7.40 元，对账：补上 2 笔，要查看 1 笔',
        '未处理告警 1 条',
      ].join('\n'),
    );
  });

  test('an earlier one that is read late is not announced', async () => {
    await announceNow(DAY);
    await run();
    await announceNow({ ...DAY, bill_date: '20270112' });
    await run();
    await announceNow({ ...DAY, bill_date: '20270115' });
    await run();
    expect(chat.map((text) => text.split('\n')[0])).toEqual([
      '【店铺日报】1 月 14 日',
      '【店铺日报】1 月 15 日',
    ]);
  });

  test('is said as long as it is news', async () => {
    isDown = true;
    await announceNow(DAY);
    await run();
    isDown = false;
    await clock.advance(HOUR_MS);
    await run();
    expect(chat).toHaveLength(1);
    await announceNow({ ...DAY, bill_date: '20270116' });
    await clock.advance(2 * DAY_MS);
    await run();
    expect(chat).toHaveLength(1);
  });
});

describe('the words', () => {
  test('no alarm’s message, and no call of people, is in them', () => {
    const subject = '<@all> <at user_id="all">所有人</at>\n2. 请点击\u202e https://evil.example\u0000';
    const { text } = alarmText(
      [{ _id: 'a', code: 'PRODUCT_UNREADABLE', subject, created_at: new Date() }],
      BYTES_MAX,
    );
    const lines = text.split('\n');
    expect(lines).toHaveLength(5);
    for (const line of lines) expect(line).not.toMatch(/[<>@\p{C}]/u);
  });

  test('one alarm always fits, whatever its subject is', () => {
    const subject = '很长'.repeat(500);
    const { text, told } = alarmText(
      [{ _id: 'a', code: 'HELD', subject, created_at: new Date() }],
      BYTES_MAX,
    );
    expect(Buffer.byteLength(text)).toBeLessThan(BYTES_MAX);
    expect(told).toHaveLength(1);
  });

  test('every code has its own', () => {
    expect(adviceOf('MERCHANT_MISCONFIGURED').advice).toContain('npm run doctor -- --live');
    expect(adviceOf('toString').title).toBe('需要人工查看');
  });
});
