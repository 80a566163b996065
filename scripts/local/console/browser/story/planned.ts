import type { Planned } from '../../wire.ts';
import { noticeWords } from './messages.ts';
import type { Arrow, Mark } from './row.ts';
import { DELIVER_EVENT, eventWords } from './virtual-messages.ts';

/** What is below the line of the present. */
export function plannedRows(planned: readonly Planned[]): readonly (Arrow | Mark)[] {
  return planned.map(plannedRow);
}

function plannedRow(plan: Planned): Arrow | Mark {
  const drawn = { at: plan.at, events: [], busy: { before: false, after: false } };
  switch (plan.kind) {
    case 'timer': {
      const label = `${plan.functionName} 定时器，预定`;
      const key = `planned ${plan.functionName}`;
      return { ...drawn, kind: 'mark', key, label, lane: 'function', sign: 'timer', isPlanned: true };
    }
    case 'notice':
    case 'event': {
      const label = `${(plan.kind === 'event' ? eventWords({ label: DELIVER_EVENT }, plan.turn) : noticeWords({ label: 'notice' }, plan.turn)).label}，预定`;
      const key = `planned ${plan.out_trade_no}`;
      return { ...drawn, kind: 'arrow', key, label, line: 'planned', from: 'wechatpay', to: 'function' };
    }
  }
}
