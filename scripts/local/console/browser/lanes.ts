import { h } from './dom.ts';
import type { Lane } from './story/row.ts';

/** Where each lifeline is, in pixels, and how wide the diagram is. */
export interface Lanes {
  readonly width: number;
  readonly x: Readonly<Record<Lane, number>>;
}

const NARROWEST = 548;
/** Times on the left, half of a lane's name on the right. */
const FIRST_X = 106;
const LAST_GAP = 40;
/** Between the first and the last lifeline; the database needs the most room on its right, for what a settlement changed. */
const PLACES: Readonly<Record<Lane, number>> = {
  'mini-program': 0,
  function: 0.358,
  database: 0.657,
  wechatpay: 1,
};

const NAMES: readonly (readonly [lane: Lane, name: string, second: string])[] = [
  ['mini-program', '小程序', 'mini-program'],
  ['function', '云函数', 'cloud functions'],
  ['database', '云数据库', 'database'],
  ['wechatpay', '微信支付', 'WeChat Pay'],
];

export function lanesFor(available: number): Lanes {
  const width = Math.max(available, NARROWEST);
  const span = width - FIRST_X - LAST_GAP;
  const at = (lane: Lane) => Math.round(FIRST_X + PLACES[lane] * span);
  return {
    width,
    x: {
      'mini-program': at('mini-program'),
      function: at('function'),
      database: at('database'),
      wechatpay: at('wechatpay'),
    },
  };
}

/** What a lane is called, for those who cannot see the diagram. */
export function laneName(lane: Lane): string {
  return NAMES.find(([name]) => name === lane)?.[1] ?? lane;
}

export function laneHeads({ x }: Lanes): HTMLElement[] {
  const heads = NAMES.map(([lane, name, second]) =>
    h('div', { style: `left:${x[lane]}px` }, name, h('small', {}, second)),
  );
  return [h('em', {}, '虚拟时钟'), ...heads];
}

/** Lifelines over the whole height, also where there are no rows yet. */
export function laneLines({ x }: Lanes): HTMLElement[] {
  return Object.values(x).map((left) => h('i', { style: `left:${left}px` }));
}
