export const LANGUAGES = ['zh', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

const zh = {
  name: '模拟器',
  shoppers: '购买者',
  platform: '手机',
  client: '微信',
  clients: { current: '新版', old: '旧版' },
  width: '屏宽',
  text: '字号',
  usualText: '标准',
  theme: '外观',
  themes: { light: '浅色', dark: '深色' },
  network: '网络',
  networks: { fast: '正常', slow: '很慢', none: '已断开' },
  language: '语言',
  notCompiled: '小程序没有编译成功',
  notStarted: '小程序没有启动',
  pageNotStarted: '这个页面没有启动',
  hasNo: '模拟器没有',
  howToGoOn: '改好后刷新页面即可，不用重新启动。',
};

const en: typeof zh = {
  name: 'Simulator',
  shoppers: 'Shopper',
  platform: 'Phone',
  client: 'WeChat',
  clients: { current: 'Current', old: 'Old' },
  width: 'Screen width',
  text: 'Text size',
  usualText: 'Usual',
  theme: 'Appearance',
  themes: { light: 'Light', dark: 'Dark' },
  network: 'Network',
  networks: { fast: 'Online', slow: 'Slow', none: 'Offline' },
  language: 'Language',
  notCompiled: 'The mini-program does not compile',
  notStarted: 'The mini-program did not start',
  pageNotStarted: 'This page did not start',
  hasNo: 'The simulator has no',
  howToGoOn: 'Correct it and the page loads again; nothing needs to be restarted.',
};

export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { zh: '中文', en: 'English' };

/** What stands around the phone, for whoever develops; what the shopper reads is the mini-program's and WeChat's. */
export const WORDS: Readonly<Record<Language, typeof zh>> = { zh, en };
