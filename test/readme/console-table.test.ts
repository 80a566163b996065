import { describe, expect, test } from 'vitest';
import { collections, functions, runtime } from '../../scripts/manifest.ts';
import { READMES, read, rowsOf, spansOf } from './markdown.ts';

/** A function's name in running text. */
const NAMES = /\b[a-z]+[A-Z]\w+/g;

describe.each(READMES)('the settings that %s has one make by hand are those of the manifest', (file) => {
  const rows = rowsOf(read(file));
  /** The places are named in Chinese in both languages, because the console is. */
  const cellOf = (place: string | RegExp): string => {
    const found = rows.filter(([where = '']) => where.search(place) >= 0);
    if (found.length !== 1) throw new Error(`${file}: ${found.length} rows are about ${place}, not 1`);
    return found[0]?.[1] ?? '';
  };

  test('collections and their first documents', () => {
    const seeds = collections.flatMap(({ name, seed }) => (seed ? [`scripts/${seed}`, name] : []));
    const told = spansOf(cellOf(/^数据库( Database)?$/));
    expect(told).toEqual([...collections.map(({ name }) => name), ...seeds]);
  });

  test('indexes, none of them unique', () => {
    const told = cellOf('索引管理').matchAll(/`(\w+)`( ascending| descending| 升序| 降序)?/g);
    const wanted = collections
      .filter(({ indexes }) => indexes.length > 0)
      .flatMap(({ name, indexes }) => [name, ...indexes.flatMap((index) => [index.name, ...index.keys])]);
    expect([...told].map(([, name, way]) => (way ? [name, /desc|降/.test(way) ? -1 : 1] : name))).toEqual(
      wanted,
    );
    expect(collections.flatMap(({ indexes }) => indexes).filter(({ unique }) => unique)).toEqual([]);
  });

  test('rules', () => {
    const told = sharedValues(spansOf(cellOf('安全规则')), (span) => span.startsWith('{'));
    const wanted = collections.map(({ name, rule }) => [name, rule]);
    expect(told.map(([name, rule]) => [name, JSON.parse(rule)])).toEqual(wanted);
  });

  test('time limits, memory and runtime', () => {
    const cell = cellOf(/→ 配置/);
    const words = cell.match(/\b[a-z]+[A-Z]\w+|\d+(?= s\b| 秒)/g) ?? [];
    const told = sharedValues(words, (word) => /^\d+$/.test(word));
    expect(Object.fromEntries(told)).toEqual(
      Object.fromEntries(functions.map(({ name, timeout }) => [name, String(timeout)])),
    );
    expect([...new Set(functions.map(({ memorySize }) => `${memorySize} MB`))]).toEqual(
      cell.match(/\d+ MB/g),
    );
    expect(cell).toContain(runtime);
  });

  test('variables that must be there', () => {
    const [everywhere = '', rest = ''] = cellOf('环境变量').split(/[;；]/);
    const givenTo = (name: string) =>
      functions.filter(({ environment }) => environment.includes(name)).map((fn) => fn.name);
    expect(spansOf(everywhere)).toEqual(['WECHAT_PAY_MCH_ID', 'WECHAT_PAY_API_KEY']);
    for (const name of spansOf(everywhere)) expect(givenTo(name)).toHaveLength(functions.length);
    expect(spansOf(rest)).toEqual(['WECHAT_PAY_NOTIFY_URL']);
    expect(givenTo('WECHAT_PAY_NOTIFY_URL')).toEqual(rest.match(NAMES));
  });

  test('who may call', () => {
    const [told = ''] = spansOf(cellOf('权限控制'));
    const shoppers = { invoke: 'auth != null' };
    const named = functions.map(({ name, invoke }) => [
      name,
      invoke === 'shoppers' ? shoppers : { invoke: false },
    ]);
    expect(JSON.parse(told)).toEqual({ '*': shoppers, ...Object.fromEntries(named) });
  });

  test('the HTTP route', () => {
    const cell = cellOf('HTTP 访问服务');
    const routed = functions.filter(({ route }) => route);
    expect(spansOf(cell)).toEqual(routed.map(({ route }) => route));
    expect(cell.match(NAMES)).toEqual([
      ...routed.map(({ route }) => route?.slice(1)),
      ...routed.map(({ name }) => name),
    ]);
  });
});

/** `a, b: 1. c: 2` → a 1, b 1, c 2. */
function sharedValues(words: readonly string[], isValue: (word: string) => boolean): [string, string][] {
  const pairs: [string, string][] = [];
  let waiting: string[] = [];
  for (const word of words) {
    if (!isValue(word)) {
      waiting.push(word);
      continue;
    }
    pairs.push(...waiting.map((name): [string, string] => [name, word]));
    waiting = [];
  }
  return pairs;
}
