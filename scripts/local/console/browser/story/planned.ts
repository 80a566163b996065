import type { Planned } from '../../wire.ts';
import { say } from '../words/language.ts';
import { ROWS } from '../words/story.ts';
import { noticeWords } from './messages.ts';
import type { Arrow, Mark } from './row.ts';
import { DELIVER_EVENT, eventWords } from './virtual-messages.ts';

/** What is below the line of the present. */
export function plannedRows(planned: readonly Planned[]): readonly (Arrow | Mark)[] {
  return planned.map(plannedRow);
}

function plannedRow(plan: Planned): Arrow | Mark {
  const drawn = { at: plan.at, events: [], busy: { before: false, after: false } };
  const words = say(ROWS);
  switch (plan.kind) {
    case 'timer': {
      const label = words.planned(words.timer(plan.functionName));
      const key = `planned ${plan.functionName}`;
      return { ...drawn, kind: 'mark', key, label, lane: 'function', sign: 'timer', isPlanned: true };
    }
    case 'notice':
    case 'event': {
      const { label: sent } =
        plan.kind === 'event'
          ? eventWords({ label: DELIVER_EVENT }, plan.turn)
          : noticeWords({ label: 'notice' }, plan.turn);
      const label = words.planned(sent);
      const key = `planned ${plan.out_trade_no}`;
      const order = plan.out_trade_no;
      return {
        ...drawn,
        kind: 'arrow',
        key,
        label,
        order,
        line: 'planned',
        from: 'wechatpay',
        to: 'function',
      };
    }
  }
}
