import { beginByOf, deadlineOf, TIMER_RUN_MS } from '../../../cloudfunctions/_shared/order/deadline.ts';
import { SWEEP_QUESTIONS } from '../../../cloudfunctions/_shared/order/lanes.ts';
import { QUERY_ORDERS_EVERY_MINUTES } from '../../../scripts/manifest.ts';

/** How long WeChat takes to answer, in seconds. */
const WECHAT_S = 0.14;
/** In a run so many seconds are left to begin questions in. */
const RUN_S = beginByOf(deadlineOf(new Date(0), TIMER_RUN_MS)).getTime() / 1000;

const WIDTH = 720;
const HEIGHT = 400;
const LEFT = 70;
const RIGHT = 150;
const TOP = 30;
const BOTTOM = 60;
/** Powers of ten. */
const DUE = { least: 3, most: 6 };
const MINUTES = { least: -1, most: 3 };
const COLORS = ['#c0392b', '#b7791f', '#1f7a4d'];

/**
 * Until everything that is due has been asked about, by how much is due and how many runs overlap, as a picture (SVG).
 * @param efficiencies by how many runs overlap: which part of its ideal rate each run was measured to have
 */
export function draw(efficiencies: ReadonlyMap<number, number>): string {
  const lines = [...efficiencies].map(([runs, efficiency], n) => {
    const points = range(DUE.least, DUE.most, 60).map((power) => {
      const minutes = minutesFor(10 ** power, runs, efficiency);
      return `${x(power).toFixed(1)},${y(Math.log10(minutes)).toFixed(1)}`;
    });
    const last = minutesFor(10 ** DUE.most, runs, efficiency);
    const label = `${runs} × ${Math.round(efficiency * 100)} %: ${Math.round(last)} min`;
    const color = COLORS[n] ?? '#333';
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${color}" stroke-width="2"/>
<text x="${WIDTH - RIGHT + 8}" y="${(y(Math.log10(last)) + 4).toFixed(1)}" fill="${color}">${label}</text>`;
  });
  const columns = range(DUE.least, DUE.most, DUE.most - DUE.least).map(
    (power) => `<path d="M${x(power)} ${TOP}V${HEIGHT - BOTTOM}" stroke="#ddd"/>
<text x="${x(power)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${(10 ** power).toLocaleString('en')}</text>`,
  );
  const rows = range(MINUTES.least, MINUTES.most, MINUTES.most - MINUTES.least).map(
    (power) => `<path d="M${LEFT} ${y(power)}H${WIDTH - RIGHT}" stroke="#ddd"/>
<text x="${LEFT - 8}" y="${y(power) + 4}" text-anchor="end">${10 ** power}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="13" fill="#333">
<title>Minutes until all orders that are due were asked about 问完所有到期订单要多少分钟</title>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
${[...columns, ...rows, ...lines].join('\n')}
<text x="${LEFT}" y="18">minutes 分钟</text>
<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 12}" text-anchor="middle">orders due 到期的订单</text>
<text x="${WIDTH - RIGHT + 8}" y="18">runs at once 同时的运行</text>
</svg>
`;
}

/** A run comes with every period of the timer, and begins questions for a part of it. */
function minutesFor(due: number, runs: number, efficiency: number): number {
  const perSecond = (runs * efficiency * SWEEP_QUESTIONS) / WECHAT_S;
  const perPeriod = perSecond * RUN_S;
  const whole = Math.ceil(due / perPeriod) - 1;
  return whole * QUERY_ORDERS_EVERY_MINUTES + (due - whole * perPeriod) / perSecond / 60;
}

function range(from: number, to: number, steps: number): number[] {
  return Array.from({ length: steps + 1 }, (_, n) => from + ((to - from) * n) / steps);
}

function x(power: number): number {
  return LEFT + ((WIDTH - LEFT - RIGHT) * (power - DUE.least)) / (DUE.most - DUE.least);
}

function y(power: number): number {
  return (
    HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * (power - MINUTES.least)) / (MINUTES.most - MINUTES.least)
  );
}
