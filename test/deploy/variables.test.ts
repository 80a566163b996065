import { expect, test } from 'vitest';
import { readMerchantConfig, readOrderConfig } from '../../cloudfunctions/_shared/cloud/config.ts';
import { readReminderConfig } from '../../cloudfunctions/_shared/cloud/reminder-config.ts';
import { readRobotConfig } from '../../cloudfunctions/_shared/cloud/robot-config.ts';
import { readVirtualPayConfig } from '../../cloudfunctions/_shared/cloud/virtual-pay-config.ts';
import { checkVariables } from '../../scripts/deploy/check/check-variables.ts';
import { hasProblems } from '../../scripts/deploy/check/finding.ts';
import { readVariables, secretsOf } from '../../scripts/deploy/variables.ts';
import { functions } from '../../scripts/manifest.ts';
import { VARIABLES } from './project.ts';

test('the process environment goes before .env, and what is unknown there is left out', () => {
  const file = 'WECHAT_PAY_MCH_ID=1900000109\nWECHAT_PAY_TIMEOUT_MS=5000\n';
  const { variables } = readVariables(file, {
    WECHAT_PAY_MCH_ID: '1900000108',
    PATH: '/bin',
    WECHAT_PAY_TIMEOUT_MS: '',
  });
  expect(variables).toEqual({ WECHAT_PAY_MCH_ID: '1900000108', WECHAT_PAY_TIMEOUT_MS: '5000' });
});

test('without a file the process environment is enough, as in CI', () => {
  expect(readVariables(undefined, VARIABLES)).toEqual({ variables: VARIABLES, findings: [] });
  expect(readVariables(undefined, {}).findings).toMatchObject([{ level: 'warning', name: '.env' }]);
});

test('an empty value is an absent one', () => {
  expect(readVariables('WECHAT_PAY_SIGN_TYPE=\nWECHAT_PAY_BASE_URL="  "\n', {}).variables).toEqual({});
});

test.each([
  ['"one\ntwo"', 'has several lines'],
  ['"one\\ntwo"', 'has several lines'],
  ['$' + '{OTHER}', 'refers to another variable'],
  ['{{env.OTHER}}', 'refers to another variable'],
  ['"open', 'begins with a quote that is never closed'],
])('a value written as %j is a problem: it %s', (value, message) => {
  const { findings } = readVariables(`WECHAT_PAY_MCH_ID=${value}\n`, {});
  expect(findings).toMatchObject([{ level: 'problem', name: 'WECHAT_PAY_MCH_ID' }]);
  expect(findings[0]?.message).toContain(message);
});

const NUMBER = 'WECHAT_PAY_MCH_ID';

test.each([
  ['a byte order mark before the value', `\uFEFF${NUMBER}=1900000109\n`],
  ['a byte order mark before a comment', `\uFEFF# Copy this file to .env\n\n${NUMBER}=1900000109\n`],
  ['lines that end as in Windows', `# one\r\n${NUMBER}=1900000109\r\n\r\n`],
  ['lines that end as on an old Mac', `# one\r${NUMBER}=1900000109\r`],
  ['no end of the last line', `${NUMBER}=1900000109`],
  ['spaces around', `  ${NUMBER} = \t1900000109 \n`],
  ['export before it', `export   ${NUMBER}=1900000109\n`],
  ['double quotes', `${NUMBER}="1900000109"\n`],
  ['single quotes, and a comment behind', `${NUMBER}='1900000109' # ours\n`],
  ['a comment behind', `${NUMBER}=1900000109 # ours\n`],
  ['an empty line of the same name above, as the file of examples has', `${NUMBER}=\n${NUMBER}=1900000109\n`],
  ['the same line twice', `${NUMBER}=1900000109\n${NUMBER}=1900000109\n`],
])('a value is read with %s', (_, file) => {
  expect(readVariables(file, {})).toEqual({ variables: { [NUMBER]: '1900000109' }, findings: [] });
});

test('what is in quotes is taken as it is', () => {
  const { variables, findings } = readVariables(`${NUMBER}='a # b=c'\n`, {});
  expect(variables).toEqual({ [NUMBER]: 'a # b=c' });
  expect(findings).toEqual([]);
});

test.each([
  {
    what: 'two values',
    file: `${NUMBER}=1\n\n${NUMBER}=2\n`,
    name: NUMBER,
    reported: 'lines 1 and 3 with different',
  },
  {
    what: 'a value taken back',
    file: `${NUMBER}=1\n${NUMBER}=\n`,
    name: NUMBER,
    reported: 'lines 1 and 2 with different',
  },
  { what: 'a # that cuts the value', file: `${NUMBER}=ab#cd\n`, name: NUMBER, reported: 'has a # in it' },
  {
    what: 'text behind a quote',
    file: `${NUMBER}='it's'\n`,
    name: NUMBER,
    reported: 'goes on behind its closing quote',
  },
  { what: 'typographic quotes', file: `${NUMBER}=“190”\n`, name: NUMBER, reported: 'typographic quotes' },
  { what: 'a colon', file: `# one\n${NUMBER}: 190\n`, name: '.env', reported: 'line 2 is not NAME=value' },
  { what: 'no sign at all', file: `${NUMBER} 190\n`, name: '.env', reported: 'line 1 is not NAME=value' },
  { what: 'a full-width sign', file: `${NUMBER}＝190\n`, name: '.env', reported: 'line 1 is not NAME=value' },
  {
    what: 'a command of another shell',
    file: `set ${NUMBER}=190\n`,
    name: '.env',
    reported: 'line 1 is not NAME=value',
  },
])('$what is a problem that names it and shows no value', ({ file, name, reported }) => {
  const { findings } = readVariables(file, {});
  expect(findings).toMatchObject([{ level: 'problem', name }]);
  expect(findings[0]?.message).toContain(reported);
  expect(findings[0]?.message).not.toMatch(/190|ab#|it's/);
});

test('a line that is not understood does not take its neighbours with it', () => {
  const { variables } = readVariables(`what is this\n${NUMBER}=1900000109\n`, {});
  expect(variables).toEqual({ [NUMBER]: '1900000109' });
});

test('keys, tokens and the address of a robot are secret, the rest is not', () => {
  const file =
    'WECHAT_PAY_API_KEY=a\nTENCENTCLOUD_SECRETKEY=b\nTENCENTCLOUD_SESSIONTOKEN=c\nALARM_WEBHOOK_URL=d\nWECHAT_PAY_MCH_ID=e\n';
  expect(secretsOf(readVariables(file, {}).variables)).toEqual(['a', 'b', 'c', 'd']);
});

test('a name that every object has is a name like any other', () => {
  const { variables } = readVariables('constructor=x\n__proto__=y\n', {});
  expect(checkVariables(variables, functions).map(({ name }) => name)).not.toContain('constructor');
});

// What the doctor lets pass must not be refused by a function on its first call.
test.each([
  ['WECHAT_PAY_TIMEOUT_MS', ['499', '500', '6000', '6001', '5s']],
  ['ORDER_LIFETIME_MINUTES', ['9', '10', '110', '111', '30.5']],
  ['WECHAT_PAY_SIGN_TYPE', ['MD5', 'HMAC-SHA256', 'hmac-sha256']],
  ['WECHAT_PAY_MCH_ID', ['1900000109', '19000001', '190000010', 'x900000109']],
  ['WECHAT_PAY_API_KEY', ['0'.repeat(31), '0'.repeat(32), '0'.repeat(33)]],
  [
    'WECHAT_PAY_NOTIFY_URL',
    [
      'https://a.example/payNotify',
      'https://a.example/payNotify#',
      'https://店.example/payNotify',
      'a.example',
    ],
  ],
])('%s is judged as the functions judge it', (name, values) => {
  for (const value of values) {
    const variables = { ...VARIABLES, WECHAT_PAY_NOTIFY_URL: 'https://a.example/payNotify', [name]: value };
    const isRefused = hasProblems(checkVariables(variables, functions));
    const read = () => readOrderConfig(variables);
    if (isRefused) expect(read, `${name}=${value}`).toThrow();
    else expect(read(), `${name}=${value}`).toBeDefined();
  }
});

test.each([
  ['WEIXIN_APP_SECRET', ['0'.repeat(31), '0123456789abcdef0123456789ABCDEF', 'x-'.repeat(16)]],
  ['VIRTUAL_PAY_OFFER_ID', ['1450000000', 'offer', '1'.repeat(33)]],
  ['VIRTUAL_PAY_APP_KEY', ['short', 'with a space', 'a1B2c3D4e5F6g7H8']],
  ['VIRTUAL_PAY_ENV', ['0', '2', 'live']],
])('%s is judged as the functions judge it', (name, values) => {
  const usual = { WEIXIN_APP_SECRET: '0'.repeat(32), VIRTUAL_PAY_APP_KEY: 'x'.repeat(32) };
  for (const value of values) {
    const variables = { ...VARIABLES, ...usual, [name]: value };
    const isRefused = hasProblems(checkVariables(variables, functions));
    const read = () => readVirtualPayConfig(variables);
    if (isRefused) expect(read, `${name}=${value}`).toThrow();
    else expect(read(), `${name}=${value}`).toBeDefined();
  }
});

test('the sandbox of virtual payment, which functions know, is not deployed: memberships would cost nothing', () => {
  const variables = { ...VARIABLES, VIRTUAL_PAY_ENV: '1' };
  expect(checkVariables(variables, functions)).toMatchObject([
    { level: 'problem', name: 'VIRTUAL_PAY_ENV', message: expect.stringMatching(/must be 0/) },
  ]);
});

test.each([
  ['https://shop.example/item.png', false],
  ['http://shop.example/item.png', true],
  ['https://localhost/item.png', true],
  ['/images/item.png', true],
])('the picture of items at %s is a problem: %s', (VIRTUAL_PAY_ITEM_URL, isProblem) => {
  expect(hasProblems(checkVariables({ ...VARIABLES, VIRTUAL_PAY_ITEM_URL }, functions))).toBe(isProblem);
});

test.each([
  ['https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=key-of-the-chat', false],
  ['https://open.feishu.cn/open-apis/bot/v2/hook/key-of-the-chat', false],
  ['https://alarms.example.com:8443/shop', false],
  ['http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=key-of-the-chat', true],
  ['https://10.0.0.1/key-of-the-chat', true],
  ['https://key-of-the-chat@alarms.example.com/', true],
  ['qyapi.weixin.qq.com/key-of-the-chat', true],
])('the robot at %s is a problem, here and in a function, and is never shown: %s', (value, isProblem) => {
  const findings = checkVariables({ ...VARIABLES, ALARM_WEBHOOK_URL: value }, functions);
  expect(hasProblems(findings)).toBe(isProblem);
  expect(JSON.stringify(findings)).not.toContain('key-of-the-chat');
  const read = () => readRobotConfig({ ALARM_WEBHOOK_URL: value });
  if (!isProblem) expect(read()).toEqual({ address: new URL(value) });
  else expect(read).toThrow(/^(?!.*key-of-the-chat)/);
});

test.each([
  ['thing1=name,time2=end,thing3=note', false],
  ['thing10=name, date4=end', false],
  ['thing1=name,thing1=note', true],
  ['thing1=end', true],
  ['time2=name', true],
  ['phrase1=note', true],
  ['thing1', true],
  ['__proto__=name', true],
])('the fields %s of a reminder are a problem, here and in a function: %s', (REMINDER_FIELDS, isProblem) => {
  const reminding = {
    REMINDER_TEMPLATE_ID: 'x'.repeat(43),
    WEIXIN_APP_SECRET: '0'.repeat(32),
    REMINDER_FIELDS,
  };
  expect(hasProblems(checkVariables({ ...VARIABLES, ...reminding }, functions))).toBe(isProblem);
  const read = () => readReminderConfig(reminding);
  if (isProblem) expect(read).toThrow(/REMINDER_FIELDS/);
  else expect(read()?.fields.get('thing1') ?? read()?.fields.get('thing10')).toBe('name');
});

test.each([
  ['on', []],
  ['off', []],
  ['', []],
  ['yes', ['UPLOAD_SHIPPING_INFO']],
  ['ON', ['UPLOAD_SHIPPING_INFO']],
])('UPLOAD_SHIPPING_INFO %j: problems %j, and a function takes only "on" for on', (value, problems) => {
  const given = { ...VARIABLES, WEIXIN_APP_SECRET: '0'.repeat(32), UPLOAD_SHIPPING_INFO: value };
  expect(checkVariables(given, functions).map(({ name }) => name)).toEqual(problems);
  const merchant = { WECHAT_PAY_MCH_ID: '1230000109', WECHAT_PAY_API_KEY: 'k'.repeat(32) };
  expect(readMerchantConfig({ ...merchant, UPLOAD_SHIPPING_INFO: value }).ships).toBe(value === 'on');
});

test('without the AppSecret WeChat cannot be told of deliveries', () => {
  const findings = checkVariables({ ...VARIABLES, UPLOAD_SHIPPING_INFO: 'on' }, functions);
  expect(findings).toMatchObject([{ level: 'problem', name: 'WEIXIN_APP_SECRET' }]);
});

test('a template alone is a problem: its fields and the AppSecret are missing', () => {
  const findings = checkVariables({ ...VARIABLES, REMINDER_TEMPLATE_ID: 'x'.repeat(43) }, functions);
  expect(findings).toMatchObject([
    { level: 'problem', name: 'REMINDER_FIELDS' },
    { level: 'problem', name: 'WEIXIN_APP_SECRET' },
  ]);
});
