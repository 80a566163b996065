import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { SignType } from '../../../scripts/local/wechatpay/sign.ts';
import { ratioOf, shuffled } from '../ratios.ts';
import type { Look, Row } from '../row.ts';
import { STEPS, type Step } from './contender.ts';

const PROGRAM = fileURLToPath(new URL('program.ts', import.meta.url));
const PEER = 'tenpay';
const CONTENDERS: Readonly<Record<SignType, readonly string[]>> = {
  MD5: ['ours', PEER, 'wechatpay-axios-plugin', 'wechat-pay'],
  'HMAC-SHA256': ['ours', PEER, 'wechatpay-axios-plugin'],
};
const GOALS: Readonly<Record<Step, { readonly what: string } & Readonly<Record<SignType, number>>>> = {
  sign: { what: 'sign', MD5: 1.4, 'HMAC-SHA256': 1.1 },
  order: { what: 'createOrder CPU', MD5: 2, 'HMAC-SHA256': 2 },
  notice: { what: 'payNotify CPU, all checks on', MD5: 2, 'HMAC-SHA256': 2 },
};

const ROUNDS = 40;
const SLICE_US = 20_000;
const WARM_UP = 3000;

/** The CPU time of the messages, in slices that take turns, each contender in its own process. */
export const cpu: Look = {
  name: 'cpu',
  async look(scale) {
    const rows: Row[] = [];
    for (const sign_type of ['HMAC-SHA256', 'MD5'] as const) rows.push(...(await compare(sign_type, scale)));
    return rows;
  },
};

async function compare(sign_type: SignType, scale: number): Promise<Row[]> {
  const names = CONTENDERS[sign_type];
  const programs = new Map(
    names.map((name) => [name, fork(PROGRAM, [name, sign_type], { execArgv: ['--import', 'tsx'] })] as const),
  );
  try {
    for (const program of programs.values()) {
      const wrong = await ask<string[]>(program, 'check');
      if (wrong.length > 0) throw new Error(wrong.join('\n'));
    }
    const rows: Row[] = [];
    for (const step of STEPS) rows.push(rowOf(step, sign_type, await time(programs, step, scale)));
    return rows;
  } finally {
    for (const program of programs.values()) program.kill();
  }
}

type Costs = ReadonlyMap<string, readonly number[]>;

async function time(programs: ReadonlyMap<string, ChildProcess>, step: Step, scale: number): Promise<Costs> {
  const counts = new Map<string, number>();
  for (const [name, program] of programs) {
    const us = await ask<number>(program, { step, count: Math.ceil(WARM_UP * Math.max(scale, 0.3)) });
    counts.set(name, Math.max(1, Math.round(SLICE_US / us)));
  }
  const costs = new Map<string, number[]>([...programs.keys()].map((name) => [name, []]));
  for (let round = 0; round < Math.ceil(ROUNDS * scale); round++) {
    for (const [name, program] of shuffled([...programs]))
      costs.get(name)?.push(await ask<number>(program, { step, count: counts.get(name) ?? 1 }));
  }
  return costs;
}

function rowOf(step: Step, sign_type: SignType, costs: Costs): Row {
  const ours = costs.get('ours') ?? [];
  const against = (name: string) => ratioOf({ peer: costs.get(name) ?? [], ours });
  const { median, quarter, threeQuarters } = against(PEER);
  const others = [...costs.keys()].filter((name) => name !== 'ours' && name !== PEER);
  const seen = others.map((name) => `${against(name).median.toFixed(1)} × ${name}`);
  const { what, [sign_type]: goal } = GOALS[step];
  return {
    what: `${what}, ${sign_type}`,
    peer: PEER,
    measured: median,
    goal,
    isLeast: true,
    unit: '×',
    seen: [`half of the rounds ${quarter.toFixed(1)} to ${threeQuarters.toFixed(1)}`, ...seen].join('; '),
  };
}

async function ask<Answer>(program: ChildProcess, message: object | string): Promise<Answer> {
  program.send(message);
  const [answer] = await once(program, 'message');
  return answer;
}
