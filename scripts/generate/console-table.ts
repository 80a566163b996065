import { NOBODY, SHOPPERS } from '../deploy/compare/wanted.ts';
import type { CollectionManifest, FunctionManifest, IndexManifest } from '../manifest.ts';

interface Manifest {
  readonly runtime: string;
  readonly functions: readonly FunctionManifest[];
  readonly collections: readonly CollectionManifest[];
}

/** The words of one language. Menus are named in Chinese in both, because the console is. */
interface Words {
  readonly collections: readonly [collection: string, documents: string, indexes: string, rule: string];
  readonly functions: readonly [
    name: string,
    timeout: string,
    memory: string,
    runtime: string,
    timer: string,
    variables: string,
  ];
  readonly settings: readonly [place: string, value: string];
  readonly direction: Readonly<Record<1 | -1, string>>;
  readonly unique: string;
  readonly seconds: (seconds: number) => string;
  readonly permissions: string;
  readonly gateway: string;
  readonly route: (path: string, name: string) => string;
  readonly comma: string;
  readonly semicolon: string;
}

const ENGLISH: Words = {
  collections: ['数据库 Database', 'first documents', '索引管理 Indexes', '权限设置 → 自定义安全规则 Rule'],
  functions: ['云函数 Function', 'time limit', 'memory', 'runtime', 'timer', '环境变量 Variables'],
  settings: ['where', 'what'],
  direction: { 1: 'ascending', '-1': 'descending' },
  unique: ', unique',
  seconds: (seconds) => `${seconds} s`,
  permissions: '云函数 → 权限控制 Permissions',
  gateway: 'HTTP 访问服务 / 云接入 HTTP Access',
  route: (path, name) =>
    `switched on; route \`${path}\` to the function \`${name}\`, without authentication (鉴权 off)`,
  comma: ', ',
  semicolon: '; ',
};

const CHINESE: Words = {
  collections: ['数据库', '初始文档', '索引管理', '权限设置 → 自定义安全规则'],
  functions: ['云函数', '超时', '内存', '运行环境', '定时器', '环境变量'],
  settings: ['位置', '内容'],
  direction: { 1: '升序', '-1': '降序' },
  unique: '，唯一',
  seconds: (seconds) => `${seconds} 秒`,
  permissions: '云函数 → 权限控制',
  gateway: 'HTTP 访问服务（云接入）',
  route: (path, name) => `开启；路由 \`${path}\` 指向函数 \`${name}\`，鉴权关闭`,
  comma: '、',
  semicolon: '；',
};

/** What one sets in the CloudBase console where `npm run deploy` is not used, as Markdown. */
export function renderConsoleTable(manifest: Manifest, language: 'en' | 'zh'): string {
  const words = language === 'en' ? ENGLISH : CHINESE;
  return [collectionsTable, functionsTable, settingsTable]
    .map((render) => render(manifest, words))
    .join('\n\n');
}

function collectionsTable({ collections }: Manifest, words: Words): string {
  const rows = collections.map(({ name, seed, indexes, rule }) => [
    code(name),
    seed ? code(`scripts/${seed}`) : '',
    indexes.map((index) => indexText(index, words)).join(words.semicolon),
    code(JSON.stringify(rule)),
  ]);
  return table(words.collections, rows);
}

function indexText({ name, keys, unique }: IndexManifest, words: Words): string {
  const fields = keys.map(([field, direction]) => `${code(field)} ${words.direction[direction]}`);
  return `${code(name)} (${fields.join(words.comma)})${unique ? words.unique : ''}`;
}

function functionsTable({ functions, runtime }: Manifest, words: Words): string {
  const rows = functions.map(({ name, timeout, memorySize, trigger, environment }) => [
    code(name),
    words.seconds(timeout),
    `${memorySize} MB`,
    runtime,
    trigger ? code(trigger.config) : '',
    environment.map(code).join(words.comma),
  ]);
  return table(words.functions, rows);
}

function settingsTable({ functions }: Manifest, words: Words): string {
  const rules = functions.map(({ name, invoke }) => [name, invoke === 'nobody' ? NOBODY : SHOPPERS]);
  const routes = functions.flatMap(({ name, route }) => (route ? [words.route(route, name)] : []));
  return table(words.settings, [
    [words.permissions, code(JSON.stringify({ '*': SHOPPERS, ...Object.fromEntries(rules) }))],
    [words.gateway, routes.join(words.semicolon)],
  ]);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const code = (text: string): string => `\`${text}\``;
