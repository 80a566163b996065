import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { describe, expect, test } from 'vitest';
import { functions } from '../scripts/manifest.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The places of the house, and what each may import. A file belongs to the longest place that fits it. */
const PLACES: readonly { place: string; mayImport: readonly string[]; packages: RegExp }[] = [
  {
    place: 'miniprogram',
    mayImport: [
      'miniprogram',
      'cloudfunctions/_shared/contract.ts',
      'cloudfunctions/_shared/desk-contract.ts',
    ],
    packages: /^$/,
  },
  { place: 'cloudfunctions/_shared/contract.ts', mayImport: [], packages: /^$/ },
  {
    place: 'cloudfunctions/_shared/desk-contract.ts',
    mayImport: ['cloudfunctions/_shared/contract.ts'],
    packages: /^$/,
  },
  { place: 'cloudfunctions/_shared/shorten.ts', mayImport: [], packages: /^$/ },
  { place: 'cloudfunctions/_shared/rid.ts', mayImport: [], packages: /^$/ },
  {
    place: 'cloudfunctions/_shared/wechatpay',
    mayImport: ['cloudfunctions/_shared/wechatpay', 'cloudfunctions/_shared/shorten.ts'],
    packages: /^(node:(crypto|buffer|zlib)|valibot|fast-xml-parser)$/,
  },
  {
    place: 'cloudfunctions/_shared/virtualpay',
    mayImport: [
      'cloudfunctions/_shared/virtualpay',
      'cloudfunctions/_shared/shorten.ts',
      'cloudfunctions/_shared/rid.ts',
    ],
    packages: /^(node:crypto|valibot)$/,
  },
  {
    place: 'cloudfunctions/_shared/weixin',
    mayImport: [
      'cloudfunctions/_shared/weixin',
      'cloudfunctions/_shared/shorten.ts',
      'cloudfunctions/_shared/rid.ts',
    ],
    packages: /^valibot$/,
  },
  {
    place: 'cloudfunctions/_shared/robot',
    mayImport: ['cloudfunctions/_shared/robot', 'cloudfunctions/_shared/shorten.ts'],
    packages: /^valibot$/,
  },
  {
    place: 'cloudfunctions/_shared/order',
    mayImport: [
      'cloudfunctions/_shared/order',
      'cloudfunctions/_shared/contract.ts',
      'cloudfunctions/_shared/shorten.ts',
    ],
    packages: /^(node:crypto|valibot|p-queue)$/,
  },
  // Each way to pay in the words of the rules: what of WeChat's messages the rules see passes through here.
  {
    place: 'cloudfunctions/_shared/channels',
    mayImport: [
      'cloudfunctions/_shared/channels',
      'cloudfunctions/_shared/order',
      'cloudfunctions/_shared/wechatpay',
      'cloudfunctions/_shared/virtualpay',
      'cloudfunctions/_shared/weixin',
      'cloudfunctions/_shared/contract.ts',
      'cloudfunctions/_shared/shorten.ts',
    ],
    packages: /^valibot$/,
  },
  {
    place: 'cloudfunctions/_shared/cloud',
    mayImport: ['cloudfunctions/_shared'],
    packages: /^(node:.+|valibot|wx-server-sdk)$/,
  },
  { place: 'cloudfunctions', mayImport: ['cloudfunctions/_shared'], packages: /^(valibot|node:net)$/ },
  // The other side of every wire shares nothing with ours, so that no error is on both sides.
  { place: 'scripts/local', mayImport: ['scripts/local', 'scripts/manifest.ts'], packages: /./ },
  { place: 'scripts/manifest.ts', mayImport: [], packages: /^$/ },
  { place: 'scripts', mayImport: ['scripts', 'cloudfunctions/_shared'], packages: /./ },
  { place: 'test', mayImport: ['test', 'scripts', 'cloudfunctions', 'miniprogram'], packages: /./ },
];

const FILES = filesBelow('').filter((file) => /\.(ts|mts|cts)$/.test(file) && !file.endsWith('.d.ts'));

describe('every import goes down', () => {
  test.each(FILES)('%s', (file) => {
    const place = placeOf(file);
    const outsiders = importsOf(file).filter((specifier) => !isAllowed(file, specifier, place));
    expect(
      outsiders,
      `${place.place} may import ${place.mayImport.join(', ') || 'nothing of the project'}`,
    ).toEqual([]);
  });
});

/** Messages of one way to pay, and the codes in them. */
const WORDS_OF_MESSAGES =
  /WeChatPayError|unifiedorder|orderquery|closeorder|\bXML\b|return_code|result_code|SIGNERROR|FREQUENCY_LIMITED|INVALID_REQ_TOO_MUCH|ORDERNOTEXIST|TRY_AGAIN/i;

test('the rules of orders speak of no channel’s messages', () => {
  const rules = FILES.filter((file) => file.startsWith('cloudfunctions/_shared/order/'));
  expect(rules.length).toBeGreaterThan(0);
  const speaking = rules.filter((file) =>
    WORDS_OF_MESSAGES.test(readFileSync(path.join(ROOT, file), 'utf8')),
  );
  expect(speaking).toEqual([]);
});

test('no files import each other in a circle, not even for types', () => {
  const importsByFile = new Map(
    FILES.map((file) => [file, importsOf(file).flatMap((name) => fileOf(file, name))]),
  );
  const done = new Set<string>();
  const circleFrom = (file: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    const circle = importsByFile
      .get(file)
      ?.map((next) => circleFrom(next, [...path, file]))
      .find(Boolean);
    done.add(file);
    return circle;
  };
  expect(FILES.map((file) => circleFrom(file, [])).find(Boolean)).toBeUndefined();
});

test('every relative import names a file that exists, with its extension', () => {
  const missing = FILES.flatMap((file) =>
    importsOf(file)
      .filter((specifier) => specifier.startsWith('.') && !isFile(resolve(file, specifier)))
      .filter((specifier) => !(file.startsWith('miniprogram') && isFile(`${resolve(file, specifier)}.ts`)))
      .map((specifier) => `${file}: ${specifier}`),
  );
  expect(missing).toEqual([]);
});

test('a folder with an index.ts and no leading underscore is a function of the manifest', () => {
  const folders = readdirSync(path.join(ROOT, 'cloudfunctions')).filter((entry) => {
    return !entry.startsWith('_') && existsSync(path.join(ROOT, 'cloudfunctions', entry, 'index.ts'));
  });
  expect(folders.sort()).toEqual(functions.map(({ name }) => name).sort());
});

test.each(functions)('the entry of $name only wires', ({ name }) => {
  const source = readFileSync(path.join(ROOT, 'cloudfunctions', name, 'index.ts'), 'utf8');
  expect(source.split('\n').length).toBeLessThanOrEqual(30);
});

/** Where the process's own clock, timers, chance and variables are taken from, to be handed down. */
const HANDS_DOWN = new Set([
  'cloudfunctions/_shared/cloud/runtime.ts',
  'cloudfunctions/_shared/cloud/timers.ts',
]);
const OF_THE_PROCESS =
  /\bDate\.now\b|\bnew Date\(\)|\bperformance\.|\bset(Timeout|Interval|Immediate)\b|\bAbortSignal\.timeout\b|\bnextTick\b|\bMath\.random\b|\brandom(Bytes|UUID|Int)\b|\bprocess\.env\b/;

test('below the entries nothing uses the process’s clock, timers, chance or environment by itself', () => {
  const floors = FILES.filter((file) => file.startsWith('cloudfunctions/') && !HANDS_DOWN.has(file));
  const offences = floors.filter((file) => {
    const code = readFileSync(path.join(ROOT, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    return OF_THE_PROCESS.test(code);
  });
  expect(offences).toEqual([]);
});

function filesBelow(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const below = path.posix.join(folder, entry.name);
    if (entry.name.startsWith('.') || ['node_modules', 'dist', 'miniprogram_npm'].includes(entry.name))
      return [];
    return entry.isDirectory() ? filesBelow(below) : [below];
  });
}

function placeOf(file: string) {
  const fitting = PLACES.filter(({ place }) => file === place || file.startsWith(`${place}/`));
  const [place] = fitting.sort((a, b) => b.place.length - a.place.length);
  return place ?? { place: 'the root', mayImport: [], packages: /./ };
}

function isAllowed(
  file: string,
  specifier: string,
  { mayImport, packages }: (typeof PLACES)[number],
): boolean {
  if (!specifier.startsWith('.')) return packages.test(specifier);
  const target = resolve(file, specifier);
  if (path.posix.dirname(target) === path.posix.dirname(file)) return true;
  return mayImport.some(
    (place) => target === place || target.startsWith(`${place}/`) || `${target}.ts` === place,
  );
}

function resolve(file: string, specifier: string): string {
  return path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier));
}

/** The file of the project that an import leads to; the mini-program leaves the extension out. */
function fileOf(file: string, specifier: string): string[] {
  if (!specifier.startsWith('.')) return [];
  const target = resolve(file, specifier);
  return [target, `${target}.ts`].filter((candidate) => FILES.includes(candidate));
}

function isFile(file: string): boolean {
  return existsSync(path.join(ROOT, file)) && statSync(path.join(ROOT, file)).isFile();
}

/** Everything a file imports or re-exports, statically or not. */
function importsOf(file: string): string[] {
  const { module } = parseSync(file, readFileSync(path.join(ROOT, file), 'utf8'));
  const source = readFileSync(path.join(ROOT, file), 'utf8');
  const fixed = module.staticImports.map((entry) => entry.moduleRequest.value);
  const passedOn = module.staticExports.flatMap((entry) =>
    entry.entries.flatMap((part) => (part.moduleRequest ? [part.moduleRequest.value] : [])),
  );
  const dynamic = module.dynamicImports.flatMap(({ moduleRequest }) => {
    const text = source.slice(moduleRequest.start, moduleRequest.end);
    return /^['"`]/.test(text) ? [text.slice(1, -1)] : [];
  });
  return [...fixed, ...passedOn, ...dynamic];
}
