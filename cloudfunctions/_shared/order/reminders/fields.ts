import { shorten } from '../../shorten.ts';

/** What a field of a template can say: the product's name, when the membership ends, or that it can be renewed. */
export const FIELD_VALUES = ['name', 'end', 'note'] as const;
export type FieldValue = (typeof FIELD_VALUES)[number];

/** A template's fields by their keys (`thing1`, `time2`), and what each says. */
export type TemplateFields = ReadonlyMap<string, FieldValue>;

/** `thing` takes 20 characters (发送订阅消息, 参数值内容限制说明). */
const THING_CHARACTERS_MAX = 20;
const NOTE = '点此续费，从到期日接着算';

/** Whether a field of this key can say this: a text is a thing, a moment a time or a date. */
export function isField(key: string, value: string): value is FieldValue {
  if (!FIELD_VALUES.some((known) => known === value)) return false;
  return (value === 'end' ? /^(time|date)\d{1,2}$/ : /^thing\d{1,2}$/).test(key);
}

/** The fields of a message, as WeChat takes them. */
export function fieldsOfMessage(
  fields: TemplateFields,
  { name, end }: { name: string; end: Date },
): Record<string, { value: string }> {
  const values = { name: shorten(name, THING_CHARACTERS_MAX), note: NOTE };
  return Object.fromEntries(
    [...fields].map(([key, value]) => [key, { value: value === 'end' ? moment(key, end) : values[value] }]),
  );
}

/** Shoppers live by Beijing's calendar. A date says the day, a time the minute as well. */
function moment(key: string, end: Date): string {
  const beijing = new Date(end.getTime() + 8 * 3_600_000);
  const day = `${beijing.getUTCFullYear()}年${beijing.getUTCMonth() + 1}月${beijing.getUTCDate()}日`;
  return key.startsWith('date') ? day : `${day} ${beijing.toISOString().slice(11, 16)}`;
}
