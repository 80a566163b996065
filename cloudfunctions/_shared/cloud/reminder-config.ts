import * as v from 'valibot';
import { isField, type TemplateFields } from '../order/reminders/fields.ts';
import { parse, type Variables } from './config.ts';
import { appSecret } from './virtual-pay-config.ts';

/** The template of the message by which shoppers are reminded. */
export interface ReminderConfig {
  readonly template_id: string;
  readonly fields: TemplateFields;
  /** The AppSecret of the mini-program. Never log it. */
  readonly app_secret: string;
}

const templateId = v.pipe(v.string(), v.regex(/^[\w-]{20,64}$/, 'must be the id of a template'));

const ReminderVariables = v.object({
  REMINDER_TEMPLATE_ID: templateId,
  REMINDER_FIELDS: v.pipe(
    v.string('is missing'),
    v.check((text) => problemOfFields(text) === undefined, 'must be as thing1=name,time2=end,thing3=note'),
    v.transform(fieldsIn),
  ),
  WEIXIN_APP_SECRET: appSecret,
});

/**
 * How shoppers are reminded; undefined in a shop that reminds nobody.
 * @throws CloudError CONFIGURATION_WRONG
 */
export function readReminderConfig(variables: Variables): ReminderConfig | undefined {
  if (!variables.REMINDER_TEMPLATE_ID?.trim()) return undefined;
  const read = parse(ReminderVariables, variables);
  return {
    template_id: read.REMINDER_TEMPLATE_ID,
    fields: read.REMINDER_FIELDS,
    app_secret: read.WEIXIN_APP_SECRET,
  };
}

/** The template that shoppers are asked about; undefined where they are asked nothing. One that is wrong asks nothing either. */
export function readReminderTemplate(variables: Variables): string | undefined {
  const read = v.safeParse(templateId, variables.REMINDER_TEMPLATE_ID);
  return read.success ? read.output : undefined;
}

/** What is wrong with fields as they are written in a setting, `thing1=name,time2=end`; no value is in it. */
export function problemOfFields(text: string): string | undefined {
  const pairs = pairsIn(text);
  const keys = pairs.map(([key]) => key);
  if (new Set(keys).size < keys.length) return 'names a field twice';
  return pairs.some(([key, value]) => !isField(key, value))
    ? 'pairs a field with what it cannot say'
    : undefined;
}

function fieldsIn(text: string): TemplateFields {
  return new Map(
    pairsIn(text).flatMap(([key, value]) => (isField(key, value) ? [[key, value] as const] : [])),
  );
}

function pairsIn(text: string): readonly (readonly [key: string, value: string])[] {
  return text.split(',').map((pair) => {
    const [key = '', value = ''] = pair.split('=').map((part) => part.trim());
    return [key, value] as const;
  });
}
