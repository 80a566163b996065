import type { Arrow, Jump, Lane, Mark, Row } from './story/row.ts';
import { day, duration } from './time.ts';
import { say } from './words/language.ts';
import { PARTIES } from './words/page.ts';
import { ROWS } from './words/story.ts';
import { TIME } from './words/time.ts';

/** A jump over so much says on which day it ends. */
const DAY_NAMED_MS = 12 * 3_600_000;

export function jumpWords({ ms, until }: Jump): string {
  const words = say(TIME);
  return ms < DAY_NAMED_MS ? words.jump(duration(ms)) : words.jumpTo(duration(ms), day(new Date(until)));
}

/** A row as a sentence, for those who cannot see the diagram. */
export function spoken(row: Row): string {
  const words = say(ROWS);
  switch (row.kind) {
    case 'jump':
      return jumpWords(row);
    case 'chapter':
      return row.text === '' ? row.title : words.spoken(row.title, row.text);
    case 'mark':
      return words.spoken(laneName(row.lane, row), row.label);
    case 'arrow': {
      const changed = row.beside ? words.spokenChange(row.beside.join(words.list)) : '';
      const way = `${laneName(row.from, row)} → ${laneName(row.to, row)}`;
      return `${words.spoken(way, row.label)}${words.fates[row.line]}${changed}`;
    }
  }
}

/** WeChat's servers, and the robot of a group chat, share a lane. */
function laneName(lane: Lane, { events }: Arrow | Mark): string {
  const parties = events.flatMap(({ from, to }) => [from, to]);
  const other = (['weixin', 'robot'] as const).find((party) => parties.includes(party));
  return say(PARTIES)[lane === 'wechatpay' && other ? other : lane];
}
