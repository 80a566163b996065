import { exec, execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { StoredOrderSchema } from '../../cloudfunctions/_shared/cloud/database/stores/stored-order.ts';
import { KNOWN_NAMES } from '../../scripts/deploy/variables.ts';
import { collections, functions } from '../../scripts/manifest.ts';
import { anchorsOf, chineseOf, LANGUAGES, ROOT, read, rowsOf, spansOf, textOf } from './markdown.ts';

/** npm calls these by itself; nobody types them. */
const HOOKS = ['prepare', 'predeploy'];
/** The spelling of our settings; the manifest has all of them. */
const SETTING =
  /^(WECHAT_PAY|VIRTUAL_PAY|WEIXIN|CLOUDBASE|TENCENTCLOUD|ORDER_LIFETIME|ALARM_WEBHOOK|REMINDER|UPLOAD)_[A-Z_]+$/;
const ENVIRONMENT_OF_THE_SDK = ['TENCENTCLOUD_RUNENV'];

const SOURCES = readdirSync(path.join(ROOT, 'cloudfunctions'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => read(`cloudfunctions/${name}`))
  .join('\n');

describe.each(LANGUAGES)('the pages in %s name', (language) => {
  const text = textOf(language);
  const page = (name: string) => read(language === 'en' ? name : chineseOf(name));

  test('every npm script, and no other', () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(read('package.json'));
    const named = [...text.matchAll(/npm (?:run ([\w:]+)|(start|test)\b)/g)].map(
      ([, run, own]) => run ?? own,
    );
    const typed = Object.keys(scripts).filter((name) => !HOOKS.includes(name));
    expect([...new Set(named)].toSorted()).toEqual(typed.toSorted());
  });

  test('every setting, and no other', () => {
    const named = spansOf(text).filter(
      (span) => SETTING.test(span) && !ENVIRONMENT_OF_THE_SDK.includes(span),
    );
    expect([...new Set(named)].toSorted()).toEqual([...KNOWN_NAMES].toSorted());
    const explained = spansOf(page('docs/reference.md'));
    expect(KNOWN_NAMES.filter((name) => !explained.includes(name))).toEqual([]);
  });

  test('every function', () => {
    const documented = rowsOf(page('docs/architecture.md')).flatMap(([cell = '']) => spansOf(cell));
    const names = functions.map(({ name }) => name);
    expect(documented.filter((span) => names.includes(span)).length).toBeGreaterThanOrEqual(names.length);
    expect(names.filter((name) => !documented.includes(name))).toEqual([]);
  });

  test('every collection, each with a section of its own', () => {
    const headings = anchorsOf(page('docs/reference.md'));
    for (const { name } of collections) expect(headings).toContain(name);
  });

  test('every field of an order, and no other', () => {
    const [, orders = ''] = page('docs/reference.md').split(/^#+ (?=orders$|alarms$)/m);
    const documented = rowsOf(orders).flatMap(([cell = '']) => spansOf(cell));
    expect(documented.toSorted()).toEqual(Object.keys(StoredOrderSchema.entries).toSorted());
  });

  test('every code that the phone may be answered, and no other', () => {
    const documented = codesIn(page('docs/reference.md'));
    expect(documented).toEqual(declaredIn('cloudfunctions/_shared/contract.ts', 'ErrorCode'));
  });

  test('every code that operators may be answered', () => {
    const documented = codesIn(page('docs/refunds.md'));
    const declared = declaredIn('cloudfunctions/_shared/contract.ts', 'OperatorErrorCode');
    expect(declared.filter((code) => !documented.includes(code))).toEqual([]);
  });

  test('every code of an alarm, and no other', () => {
    const declared = [
      ...declaredIn('cloudfunctions/_shared/order/alarms.ts', 'AlarmCode'),
      ...declaredIn('cloudfunctions/_shared/order/state.ts', 'RefusalCode'),
      ...declaredIn('cloudfunctions/_shared/order/refunds/decide-refund.ts', 'RefundAlarmCode'),
      ...declaredIn('cloudfunctions/_shared/order/channel.ts', 'ChannelAlarmCode'),
    ];
    expect(codesIn(page('docs/runbook.md'))).toEqual(declared.toSorted());
  });

  test('every fact that is logged, and no other', () => {
    const logged = [...SOURCES.matchAll(/(?:\blog|logger\.(?:info|warn|error))\(\s*'([\w.]+)'/g)];
    const documented = rowsOf(page('docs/reference.md').split(/^## (?:The log|日志)$/m)[1] ?? '').flatMap(
      ([cell = '']) => spansOf(cell).filter((span) => span !== 'fact'),
    );
    expect(documented.toSorted()).toEqual([...new Set(logged.map(([, fact = '']) => fact))].toSorted());
    const elsewhere = spansOf(text).filter((span) =>
      /^(order|orders|refund|operator|notice|call)\.[a-z_]+$/.test(span),
    );
    expect(elsewhere.filter((fact) => !documented.includes(fact))).toEqual([]);
  });

  test('a command that writes one product a line', async () => {
    const command = /^(node -p .*) > /m.exec(page('docs/deploy.md'))?.[1] ?? '';
    const { stdout } = await promisify(exec)(command, { cwd: ROOT });
    const products: unknown = JSON.parse(read('scripts/products.json'));
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(products);
  });
});

test.each([
  { command: 'npm start', script: 'start', listed: 'docs/local-world.md' },
  { command: 'npm run deploy', script: 'deploy', listed: 'docs/deploy.md' },
  { command: 'npm run doctor', script: 'doctor', listed: undefined },
])(
  'the options of $command are the same in the pages and in its help',
  async ({ command, script, listed }) => {
    const ask = ['--import', 'tsx', path.join(ROOT, 'scripts', `${script}.ts`), '--help'];
    const { stdout } = await promisify(execFile)(process.execPath, ask, { cwd: ROOT });
    const known = new Set(stdout.match(/--[a-z][\w-]*/g));
    known.delete('--help');
    for (const language of LANGUAGES) {
      const typed = [...textOf(language).matchAll(new RegExp(`${command} -- (--[\\w-]+)`, 'g'))]
        .map(([, flag = '']) => flag)
        .filter((flag) => flag !== '--help');
      const page = listed && read(language === 'en' ? listed : chineseOf(listed));
      const rows = rowsOf(page ?? '').flatMap(([cell = '']) => /^`(--[a-z][\w-]*)/.exec(cell)?.[1] ?? []);
      expect(new Set([...typed, ...rows]), language).toEqual(known);
    }
  },
);

/** The codes in the first cells of the tables of a page. */
function codesIn(markdown: string): string[] {
  return rowsOf(markdown)
    .flatMap(([cell = '']) => spansOf(cell))
    .filter((span) => /^[A-Z][A-Z_]+$/.test(span) && !KNOWN_NAMES.includes(span))
    .toSorted();
}

/** The codes of a type: of a type nothing is left when the program runs, so its source is read. */
function declaredIn(file: string, type: string): string[] {
  const source = read(file).replaceAll(/\/\*\*[\s\S]*?\*\//g, '');
  const [, union = ''] = new RegExp(`export type ${type} =([^;]*);`).exec(source) ?? [];
  const codes = [...union.matchAll(/'([A-Z_]+)'/g)].map(([, code = '']) => code);
  if (codes.length === 0) throw new Error(`${file} declares no ${type}`);
  return codes.toSorted();
}
