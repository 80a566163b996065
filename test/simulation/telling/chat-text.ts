/** The alarms of one code in a text, as it names them; the others are counted. */
export interface ToldGroup {
  readonly code: string;
  readonly subjects: readonly string[];
  readonly count: number;
}

/** What a text says of one way to pay on a day. */
export interface ToldDay {
  /** As it is written: 1 月 30 日. */
  readonly day: string;
  readonly channels: ReadonlyMap<string, ToldSums>;
}

export interface ToldSums {
  readonly payments: ToldSum;
  readonly refunds: ToldSum;
  readonly fees: number;
}

interface ToldSum {
  readonly count: number;
  /** Fen. */
  readonly fee: number;
}

/** Read by themselves, from what people see. Empty where a text is about no alarms. */
export function readAlarms(text: string): readonly ToldGroup[] {
  if (!text.startsWith('【店铺告警】')) return [];
  return [...text.matchAll(/^\d+\. .*（([A-Z_]+)）\n对象：(.*)$/gm)].map(([, code = '', about = '']) => {
    const [, named = about, count] = /^(.*) 等 (\d+) 个$/.exec(about) ?? [];
    const subjects = named.split('、');
    return { code, subjects, count: count === undefined ? subjects.length : Number(count) };
  });
}

/** Undefined where a text is not about a day. */
export function readDay(text: string): ToldDay | undefined {
  const [, day] = /^【店铺日报】(.*)$/m.exec(text) ?? [];
  if (day === undefined) return undefined;
  const lines = text.matchAll(/^(.*)：收款 (\d+) 笔 (.*) 元，退款 (\d+) 笔 (.*) 元，手续费 (.*) 元，/gm);
  const channels = new Map<string, ToldSums>();
  for (const [, channel = '', paid, payment, given, refund, fees] of lines) {
    channels.set(channel, {
      payments: { count: Number(paid), fee: fen(payment) },
      refunds: { count: Number(given), fee: fen(refund) },
      fees: fen(fees),
    });
  }
  return { day, channels };
}

function fen(yuan = ''): number {
  return Math.round(Number(yuan) * 100);
}
