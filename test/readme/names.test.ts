import { exec, execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { KNOWN_NAMES } from '../../scripts/deploy/variables.ts';
import { READMES, ROOT, read, rowsOf, sectionsOf, spansOf } from './markdown.ts';

/** npm calls these by itself; nobody types them. */
const HOOKS = ['prepare', 'predeploy'];
/** For tests of the deployment itself; only .env.example tells of it. */
const NOT_FOR_READERS = 'WECHAT_PAY_BASE_URL';

describe.each(READMES)('%s names', (file) => {
  const text = read(file);

  test('every npm script, and no other', () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(read('package.json'));
    const named = [...text.matchAll(/npm (?:run ([\w:]+)|(start|test)\b)/g)].map(
      ([, run, own]) => run ?? own,
    );
    const typed = Object.keys(scripts).filter((name) => !HOOKS.includes(name));
    expect([...new Set(named)].toSorted()).toEqual(typed.toSorted());
  });

  test('only files that are there', () => {
    const places = /^(scripts|cloudfunctions|miniprogram|test|dist)\//;
    const paths = spansOf(text).filter((span) => places.test(span));
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, link = '']) => link);
    expect(paths.length).toBeGreaterThan(5);
    expect(links.length).toBeGreaterThan(3);
    expect([...paths, ...links].filter((place) => !existsSync(path.join(ROOT, place)))).toEqual([]);
  });

  test('every variable', () => {
    expect(KNOWN_NAMES.filter((name) => !text.includes(`\`${name}\``))).toEqual([NOT_FOR_READERS]);
  });

  test('every code of an alarm, and no other', () => {
    // The codes are types, of which nothing is left when the program runs.
    const sources = ['alarms', 'state']
      .map((name) => read(`cloudfunctions/_shared/order/${name}.ts`))
      .join('');
    const declared = [...sources.matchAll(/^ {2}\| '([A-Z_]+)';?$/gm)].map(([, code = '']) => code);
    const told = rowsOf(text).flatMap(([cell = '']) =>
      spansOf(cell).filter((span) => /^[A-Z_]+$/.test(span)),
    );
    expect(told.filter((span) => !KNOWN_NAMES.includes(span)).toSorted()).toEqual(declared.toSorted());
  });

  test('only facts that are logged', () => {
    const sources = readdirSync(path.join(ROOT, 'cloudfunctions'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => read(`cloudfunctions/${name}`))
      .join('');
    const facts = spansOf(text).filter((span) => /^(order|notice|call)\.\w+$/.test(span));
    expect(facts.length).toBeGreaterThan(5);
    expect(facts.filter((fact) => !sources.includes(`'${fact}'`))).toEqual([]);
  });

  test('a command that writes one product a line', async () => {
    const command = /^(node -p .*) > /m.exec(text)?.[1] ?? '';
    const { stdout } = await promisify(exec)(command, { cwd: ROOT });
    const products: unknown = JSON.parse(read('scripts/products.json'));
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(products);
  });
});

test.each([
  { command: 'npm start', script: 'start', row: /^`npm start`$/ },
  { command: 'npm run deploy', script: 'deploy', row: /^`--/ },
  { command: 'npm run doctor', script: 'doctor', row: undefined },
])(
  'the options of $command are the same in both READMEs and in its help',
  async ({ command, script, row }) => {
    const ask = ['--import', 'tsx', path.join(ROOT, 'scripts', `${script}.ts`), '--help'];
    const { stdout } = await promisify(execFile)(process.execPath, ask, { cwd: ROOT });
    const known = new Set(stdout.match(/--[a-z][\w-]*/g));
    known.delete('--help');
    for (const text of READMES.map(read)) {
      const typed = [...text.matchAll(new RegExp(`${command} -- (--[\\w-]+)`, 'g'))].map(
        ([, flag = '']) => flag,
      );
      const listed = rowsOf(text)
        .filter(([name = '']) => row?.test(name))
        .flatMap((cells) => spansOf(cells.join(' ')))
        .flatMap((span) => /^--[a-z][\w-]*/.exec(span)?.[0] ?? []);
      expect(new Set([...typed, ...listed])).toEqual(known);
    }
  },
);

test('both languages have the same sections, with the same names in each', () => {
  const [english, chinese] = READMES.map((file) =>
    sectionsOf(read(file)).map(({ level, text }) => ({ level, names: namesOf(text) })),
  );
  expect(chinese).toEqual(english);
});

/** Each once, without those that have a word of the language in them. */
function namesOf(section: string): string[] {
  return [...new Set(spansOf(section))].filter((span) => !/</.test(span)).toSorted();
}
