/** One fault each that someone will make one day. `edit` gets the file's text ('' when there is none); null removes it. */
export interface Fault {
  readonly name: string;
  readonly file: string;
  edit(text: string): string | null;
}

const SHOP = 'miniprogram/pages/shop/shop';
const ORDER = 'miniprogram/pages/order/order';

export const faults: readonly Fault[] = [
  { name: 'a WXML tag that is not closed', file: `${SHOP}.wxml`, edit: (text) => `${text}\n<view>` },
  { name: 'a broken {{ }}', file: `${SHOP}.wxml`, edit: (text) => `${text}\n<view>{{ a + }}</view>` },
  {
    name: 'a wx:else without wx:if',
    file: `${SHOP}.wxml`,
    edit: (text) => `${text}\n<view wx:else>x</view>`,
  },
  wxs('a broken WXS', 'module.exports = { a: function () {'),
  wxs('an ES6 WXS', 'const a = () => 1;\nmodule.exports = { a };'),
  {
    name: 'a WXSS block that is not closed',
    file: `${SHOP}.wxss`,
    edit: (text) => `${text}\n.open { color: red;`,
  },
  {
    name: 'a WXSS @import of nothing',
    file: `${SHOP}.wxss`,
    edit: (text) => `@import "./nothing.wxss";\n${text}`,
  },
  { name: 'a TypeScript syntax error', file: `${SHOP}.ts`, edit: (text) => `${text}\nconst = 1;` },
  {
    name: 'a TypeScript type error',
    file: `${SHOP}.ts`,
    edit: (text) => `${text}\nexport const wrong: number = 'text';`,
  },
  {
    name: 'a page that is missing',
    file: 'miniprogram/app.json',
    edit: withField('pages', ['pages/shop/shop', 'pages/none/none']),
  },
  { name: "a page's WXML that is missing", file: `${ORDER}.wxml`, edit: () => null },
  {
    name: 'a component path that is wrong',
    file: `${SHOP}.json`,
    edit: withField('usingComponents', { icon: '../../components/none/none' }),
  },
  {
    name: 'a tab bar page that is missing',
    file: 'miniprogram/app.json',
    edit: withField('tabBar', {
      list: [
        { pagePath: 'pages/shop/shop', text: '会员' },
        { pagePath: 'pages/none/none', text: '无' },
      ],
    }),
  },
  {
    name: 'a tab bar icon that is missing',
    file: 'miniprogram/app.json',
    edit: withField('tabBar', {
      list: [
        { pagePath: 'pages/shop/shop', text: '会员', iconPath: 'none.png' },
        { pagePath: 'pages/orders/orders', text: '订单' },
      ],
    }),
  },
  {
    name: 'a value that a field of app.json cannot have',
    file: 'miniprogram/app.json',
    edit: withField('style', 7),
  },
  {
    name: 'a value that a field of a page cannot have',
    file: `${SHOP}.json`,
    edit: withField('enablePullDownRefresh', 'yes'),
  },
  { name: 'broken JSON', file: 'miniprogram/app.json', edit: (text) => text.slice(0, -4) },
  { name: 'an import of nothing', file: `${SHOP}.ts`, edit: (text) => `import './nothing';\n${text}` },
  {
    name: 'a field of app.json that nobody reads',
    file: 'miniprogram/app.json',
    edit: withField('darkMode', true),
  },
  { name: 'a sitemap that is missing', file: 'miniprogram/sitemap.json', edit: () => null },
  {
    name: 'a file of 3 MB',
    file: 'miniprogram/large.json',
    edit: () => JSON.stringify('x'.repeat(3 * 1024 * 1024)),
  },
];

function withField(field: string, value: unknown): Fault['edit'] {
  return (text) => JSON.stringify({ ...JSON.parse(text), [field]: value });
}

function wxs(name: string, script: string): Fault {
  return { name, file: `${SHOP}.wxml`, edit: (text) => `${text}\n<wxs module="fault">${script}</wxs>` };
}
