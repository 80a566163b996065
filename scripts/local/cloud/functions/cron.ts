import { Cron } from 'croner';

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** What the values from `min` on may also be called. */
  readonly words?: readonly string[];
}

/** As the platform's pages on timers list them (docs.cloudbase.net/cli-v1/functions/trigger-create); 0 is Sunday. */
const FIELDS: readonly Field[] = [
  { name: 'second', min: 0, max: 59 },
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day', min: 1, max: 31 },
  {
    ...{ name: 'month', min: 1, max: 12 },
    words: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
  },
  { name: 'week', min: 0, max: 6, words: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] },
  { name: 'year', min: 1970, max: 2099 },
];

/** The platform reads timers in China's time, which has no summer time. */
const CHINA_UTC_OFFSET_MINUTES = 8 * 60;

/**
 * Reads a timer's seven fields as the platform does: `,` `-` `*` `/` and nothing else, `1/10` from 1 on every 10. Where
 * day and week are both given, either will do.
 * @returns the first moment after another; undefined when there is none any more
 * @throws Error that names the field and what the platform does not know in it
 */
export function readCron(expression: string): (after: Date) => Date | undefined {
  const texts = expression.split(' ');
  if (texts.length !== FIELDS.length) {
    const names = FIELDS.map(({ name }) => name).join(' ');
    throw new Error(
      `a cron expression has seven fields with a space between (${names}), not ${texts.length}`,
    );
  }
  const pattern = FIELDS.map((field, at) => spelledOut(texts[at] ?? '', field)).join(' ');
  const cron = new Cron(pattern, { mode: '7-part', utcOffset: CHINA_UTC_OFFSET_MINUTES });
  return (after) => cron.nextRun(after) ?? undefined;
}

/** The field as a list of values, which nobody can read differently; `*` alone also says that a day is not given. */
function spelledOut(text: string, field: Field): string {
  if (text === '*') return field.name === 'year' ? `${field.min}-${field.max}` : text;
  return [...new Set(text.split(',').flatMap((part) => readValues(part, field)))].join();
}

function readValues(part: string, field: Field): number[] {
  const foreign = part.match(/[^0-9A-Z*/-]/)?.[0];
  if (foreign) throw refusal(field, `"${foreign}" is none of the wildcards , - * /`);
  const [, from, to, step] = part.match(/^(\*|\w+)(?:-(\w+))?(?:\/(\w+))?$/) ?? [];
  if (from === undefined || (from === '*' && to !== undefined))
    throw refusal(field, `"${part}" has no value`);
  const first = from === '*' ? field.min : readValue(from, field);
  const isOpen = from === '*' || (to === undefined && step !== undefined);
  const last = isOpen ? field.max : readValue(to ?? from, field);
  if (last < first) throw refusal(field, `"${part}" goes backwards`);
  const distance = step === undefined ? 1 : wholeNumber(step);
  if (!(distance >= 1)) throw refusal(field, `"${part}" has no step of 1 or more`);
  const values: number[] = [];
  for (let value = first; value <= last; value += distance) values.push(value);
  return values;
}

function readValue(text: string, field: Field): number {
  const place = field.words?.indexOf(text) ?? -1;
  const value = place === -1 ? wholeNumber(text) : field.min + place;
  if (value >= field.min && value <= field.max) return value;
  const words = field.words ? ` or ${field.words[0]} to ${field.words.at(-1)}` : '';
  throw refusal(field, `"${text}" is not ${field.min} to ${field.max}${words}`);
}

function wholeNumber(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

function refusal({ name }: Field, problem: string): Error {
  return new Error(`${name}: ${problem}`);
}
