import type { Channel } from '../wire.ts';
import { h } from './dom.ts';
import type { Lane } from './story/row.ts';
import { language, say } from './words/language.ts';
import { PAGE, PARTIES } from './words/page.ts';

/** Where each lifeline is, in pixels, and how wide the diagram is. */
export interface Lanes {
  readonly width: number;
  readonly x: Readonly<Record<Lane, number>>;
  /** There is no room for minutes before each row. */
  readonly isNarrow: boolean;
}

const NARROWEST = 400;
/** Below this, rows show seconds only, and the lanes one name. */
const NARROW = 540;
/** Times on the left, half of a lane's name on the right. */
const FIRST_X = { usual: 106, narrow: 72 };
const LAST_GAP = 40;
/** Between the first and the last lifeline; the database needs the most room on its right, for what a settlement changed. */
const PLACES: Readonly<Record<Lane, number>> = {
  'mini-program': 0,
  function: 0.37,
  database: 0.665,
  wechatpay: 1,
};
const LANES: readonly Lane[] = ['mini-program', 'function', 'database', 'wechatpay'];

export function lanesFor(available: number): Lanes {
  const width = Math.max(available, NARROWEST);
  const isNarrow = width < NARROW;
  const first = isNarrow ? FIRST_X.narrow : FIRST_X.usual;
  const span = width - first - LAST_GAP;
  const at = (lane: Lane) => Math.round(first + PLACES[lane] * span);
  return {
    width,
    isNarrow,
    x: {
      'mini-program': at('mini-program'),
      function: at('function'),
      database: at('database'),
      wechatpay: at('wechatpay'),
    },
  };
}

/** @param channels that something is sold through: with both, the last lane is WeChat's */
export function laneHeads({ x, isNarrow }: Lanes, channels: readonly Channel[]): HTMLElement[] {
  const there = channels.length > 1 ? 'both' : (channels[0] ?? 'wechatpay');
  const other = PARTIES[language() === 'zh' ? 'en' : 'zh'];
  const heads = LANES.map((lane) => {
    const name = lane === 'wechatpay' ? there : lane;
    return h(
      'div',
      { style: `left:${x[lane]}px` },
      say(PARTIES)[name],
      !isNarrow && h('small', { lang: language() === 'zh' ? 'en' : 'zh-CN' }, other[name]),
    );
  });
  return [...(isNarrow ? [] : [h('em', {}, say(PAGE).virtualClock)]), ...heads];
}

/** Lifelines over the whole height, also where there are no rows yet. */
export function laneLines({ x }: Lanes): HTMLElement[] {
  return Object.values(x).map((left) => h('i', { style: `left:${left}px` }));
}
