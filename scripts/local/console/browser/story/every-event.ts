import type { ConsoleEvent } from '../../wire.ts';
import type { Arrow, Lane, Mark, Row } from './row.ts';

/** An event as it was recorded, in the wire's own words. */
export function everyEvent(event: ConsoleEvent, busy: Row['busy']): Arrow | Mark {
  const { seq, at, from, to, kind, label } = event;
  const drawn = { key: `every ${seq}`, at, label, events: [event], busy };
  const [start, end] = [laneOf(from), laneOf(to)];
  if (start === end) {
    const sign = from === 'timer' || to === 'timer' ? 'timer' : 'change';
    return { ...drawn, kind: 'mark', lane: start, sign };
  }
  if (from === 'shopper') return { ...drawn, kind: 'mark', lane: start, sign: 'shopper' };
  const line = kind === 'change' ? 'call' : kind;
  return { ...drawn, kind: 'arrow', from: start, to: end, line, isBad: kind === 'lost' };
}

/** The timer is on the functions' lifeline, the shopper on the phone's; every server outside shares one. */
export function laneOf(party: ConsoleEvent['from']): Lane {
  if (party === 'shopper') return 'mini-program';
  if (party === 'weixin' || party === 'robot') return 'wechatpay';
  return party === 'timer' ? 'function' : party;
}
