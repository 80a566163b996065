import { laneName } from './lanes.ts';
import type { Jump, Row } from './story/row.ts';
import { day, duration } from './time.ts';

const FATES = {
  lost: '，没有收到',
  open: '，还没有结束',
  planned: '',
  call: '',
  reply: '',
  settle: '',
} as const;
/** A jump over so much says on which day it ends. */
const DAY_NAMED_MS = 12 * 3_600_000;

export function jumpWords({ ms, until }: Jump): string {
  const date = ms < DAY_NAMED_MS ? '' : `，到 ${day(new Date(until))}`;
  return `时间快进 ${duration(ms)}${date}`;
}

/** A row as a sentence, for those who cannot see the diagram. */
export function spoken(row: Row): string {
  switch (row.kind) {
    case 'jump':
      return jumpWords(row);
    case 'chapter':
      return `${row.title}：${row.text}`;
    case 'mark':
      return `${laneName(row.lane)}：${row.label}`;
    case 'arrow': {
      const changed = row.beside ? `：${row.beside.join('，')}` : '';
      return `${laneName(row.from)} → ${laneName(row.to)}：${row.label}${FATES[row.line]}${changed}`;
    }
  }
}
