import { expect, test } from 'vitest';
import { checkVariables } from '../../scripts/deploy/check/check-variables.ts';
import { VARIABLES } from '../deploy/project.ts';
import { chineseOf, LANGUAGES, read } from './markdown.ts';

/** The example file in its paragraphs: what is said of settings stands above them. */
const PARAGRAPHS = read('.env.example').split(/\n{2,}/);

function paragraphOf(name: string): string {
  return PARAGRAPHS.find((paragraph) => new RegExp(`^${name}=`, 'm').test(paragraph)) ?? '';
}

/** Settings that want another one beside them, each with a value. */
test.each([
  ['REMINDER_TEMPLATE_ID', 'local-reminder-template-0123456789abcdefghi'],
  ['UPLOAD_SHIPPING_INFO', 'on'],
])('.env.example says of each setting that %s needs what for', (name, value) => {
  const { WEIXIN_APP_SECRET: _, REMINDER_FIELDS: __, ...others } = VARIABLES;
  const missing = checkVariables({ ...others, [name]: value }, [])
    .filter(({ message }) => message.startsWith('is missing'))
    .map((finding) => finding.name);
  expect(missing).toContain('WEIXIN_APP_SECRET');
  for (const needed of missing) expect(paragraphOf(needed)).toContain(name);
});

test.each(LANGUAGES)(
  'where alarms are read without a group chat, in %s: on the desk, and in a terminal',
  (language) => {
    const name = 'docs/operations.md';
    const page = read(language === 'en' ? name : chineseOf(name));
    const paragraph =
      page.split(/\n{2,}/).find((each) => /(sets no|没有设置) `ALARM_WEBHOOK_URL`/.test(each)) ?? '';
    expect(paragraph).toContain('告警');
    expect(paragraph).toMatch(/\]\(#(the-desk|工作台)\)/);
    expect(paragraph).toContain('`npm run ops -- alarms`');
  },
);
