import { problemOfFields } from '../../../cloudfunctions/_shared/cloud/reminder-config.ts';
import { isPublicAddress } from '../../../cloudfunctions/_shared/cloud/robot-config.ts';
import type { FunctionManifest } from '../../manifest.ts';
import type { Variables } from '../variables.ts';
import { checkNotifyUrl } from './check-notify-url.ts';
import { type Finding, problem, unless, warning } from './finding.ts';

/** All names and values that one function is given, as the platform counts them. */
const ENVIRONMENT_BYTES_MAX = 4096;

/** Everything that can be known about the variables without asking anybody or knowing what is sold, all at once. */
export function checkVariables(
  variables: Variables,
  functions: readonly FunctionManifest[],
): readonly Finding[] {
  const missing = [...REQUIRED].filter(([name]) => !variables[name]);
  const route = functions.find((fn) => fn.route)?.route;
  return [
    ...missing.map(([name, where]) => problem(name, `is missing. ${where}`)),
    ...Object.entries(variables).flatMap(([name, value]) => RULES.get(name)?.(value, name) ?? []),
    ...(variables.WECHAT_PAY_NOTIFY_URL ? checkNotifyUrl(variables.WECHAT_PAY_NOTIFY_URL, route) : []),
    ...(variables.WECHAT_PAY_API_KEY_PREVIOUS ? checkRotation(variables) : []),
    ...(variables.REMINDER_TEMPLATE_ID ? checkReminders(variables) : []),
    ...(variables.UPLOAD_SHIPPING_INFO === 'on' ? checkShipping(variables) : []),
    ...functions.flatMap((fn) => checkSize(fn, variables)),
  ];
}

const REQUIRED: ReadonlyMap<string, string> = new Map([
  ['CLOUDBASE_ENV_ID', 'CloudBase console, Overview 概览: the environment ID, such as shop-1a2b3c'],
  ['TENCENTCLOUD_SECRETID', 'Tencent Cloud console, Access Management 访问管理, API keys API密钥管理'],
  ['TENCENTCLOUD_SECRETKEY', 'Tencent Cloud console, Access Management 访问管理, API keys API密钥管理'],
]);

type Check = (value: string, name: string) => readonly Finding[];

const matches =
  (pattern: RegExp, level: typeof problem | typeof warning, message: string): Check =>
  (value, name) =>
    unless(pattern.test(value), level(name, message));

/** 32 bytes; the merchant platform takes letters and digits only. */
const isApiKey: Check = (value, name) =>
  unless(
    /^[A-Za-z0-9]{32}$/.test(value),
    problem(
      name,
      `has ${Buffer.byteLength(value)} bytes; an API v2 key has 32 letters and digits. The API v3 key is another one`,
    ),
  );

const isWhole =
  (min: number, max: number, unit: string): Check =>
  (value, name) =>
    unless(
      /^\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max,
      problem(name, `must be a whole number from ${min} to ${max} (${unit})`),
    );

const RULES: ReadonlyMap<string, Check> = new Map([
  [
    'CLOUDBASE_ENV_ID',
    matches(
      /^[a-z0-9][a-z0-9-]{2,62}$/i,
      problem,
      'is not an environment ID; it has letters, digits and hyphens only',
    ),
  ],
  // Temporary keys begin otherwise and are longer.
  [
    'TENCENTCLOUD_SECRETID',
    matches(/^AKID|^.{60}/, warning, 'does not begin with AKID; is it the key, or the account number?'),
  ],
  ['WECHAT_PAY_MCH_ID', matches(/^\d{8,10}$/, problem, 'is not a merchant number, which has 8 to 10 digits')],
  ['WECHAT_PAY_API_KEY', isApiKey],
  ['WECHAT_PAY_API_KEY_PREVIOUS', isApiKey],
  ['WECHAT_PAY_SIGN_TYPE', matches(/^(MD5|HMAC-SHA256)$/, problem, 'must be HMAC-SHA256 or MD5, spelled so')],
  [
    'WECHAT_PAY_BASE_URL',
    matches(/^$/, warning, 'is set, so no order reaches the real WeChat Pay. Empty it for a real shop'),
  ],
  ['WECHAT_PAY_TIMEOUT_MS', isWhole(500, 6000, 'milliseconds')],
  ['ORDER_LIFETIME_MINUTES', isWhole(10, 110, 'minutes')],
  [
    'WEIXIN_APP_SECRET',
    matches(/^[0-9a-z]{32}$/i, problem, 'is not an AppSecret, which has 32 letters and digits'),
  ],
  ['VIRTUAL_PAY_OFFER_ID', matches(/^\d{1,32}$/, problem, 'is not an OfferID, which has digits only')],
  [
    'VIRTUAL_PAY_APP_KEY',
    matches(
      /^[\x21-\x7e]{8,128}$/,
      problem,
      'is not an AppKey, which has 8 characters or more and no spaces',
    ),
  ],
  [
    'VIRTUAL_PAY_ENV',
    matches(
      /^0$/,
      problem,
      'must be 0 or empty. 1 is the sandbox, where memberships are given away for nothing',
    ),
  ],
  [
    'VIRTUAL_PAY_ITEM_URL',
    matches(
      /^https:\/\/[^\s/]+\.[^\s/]+\/\S+$/,
      problem,
      'must be the https address of a jpg or png picture, which WeChat fetches',
    ),
  ],
  [
    'ALARM_WEBHOOK_URL',
    (value, name) =>
      unless(
        isPublicAddress(value),
        problem(name, 'must be the https address of a robot on a public host, as WeCom or Feishu shows it'),
      ),
  ],
  [
    'REMINDER_TEMPLATE_ID',
    matches(/^[\w-]{20,64}$/, problem, 'is not the id of a template, as 订阅消息, 我的模板 shows it'),
  ],
  [
    'REMINDER_FIELDS',
    (value, name) => {
      const wrong = problemOfFields(value);
      return wrong === undefined
        ? []
        : [problem(name, `is not as thing1=name,time2=end,thing3=note: it ${wrong}`)];
    },
  ],
  ['UPLOAD_SHIPPING_INFO', matches(/^(on|off)?$/, problem, 'must be on or off, spelled so')],
  [
    'ALARM_WEBHOOK_ORIGIN',
    matches(/^$/, warning, 'is set, so no alarm reaches the real group chat. Empty it for a real shop'),
  ],
  [
    'WECHAT_PAY_REFUND_URL',
    matches(/^$/, warning, 'is set, so no refund reaches the real WeChat Pay. Empty it for a real shop'),
  ],
  [
    'WECHAT_PAY_REFUND_CA',
    matches(/^$/, warning, 'is set, so the real WeChat Pay is not trusted. Empty it for a real shop'),
  ],
  [
    'WEIXIN_API_ORIGIN',
    matches(/^$/, warning, 'is set, so nothing reaches the real WeChat. Empty it for a real shop'),
  ],
]);

function checkRotation({ WECHAT_PAY_API_KEY, WECHAT_PAY_API_KEY_PREVIOUS }: Variables): readonly Finding[] {
  const name = 'WECHAT_PAY_API_KEY_PREVIOUS';
  if (WECHAT_PAY_API_KEY === WECHAT_PAY_API_KEY_PREVIOUS) {
    return [problem(name, 'is the same as WECHAT_PAY_API_KEY; it is for the key before that one')];
  }
  return [
    warning(
      name,
      'is set, so notices signed with the old key are accepted. Empty it and deploy again a week after the change',
    ),
  ];
}

/** What a reminder needs beside its template. */
function checkReminders(variables: Variables): readonly Finding[] {
  return ['REMINDER_FIELDS', 'WEIXIN_APP_SECRET']
    .filter((name) => !variables[name])
    .map((name) => problem(name, 'is missing, and REMINDER_TEMPLATE_ID is set: nobody could be reminded'));
}

/** What telling WeChat of deliveries needs beside being switched on. */
function checkShipping({ WEIXIN_APP_SECRET }: Variables): readonly Finding[] {
  const missing = 'is missing, and UPLOAD_SHIPPING_INFO is on: WeChat could be told of no order';
  return unless(Boolean(WEIXIN_APP_SECRET), problem('WEIXIN_APP_SECRET', missing));
}

function checkSize(fn: FunctionManifest, variables: Variables): readonly Finding[] {
  const given = Object.entries(variables).filter(([name]) => fn.environment.includes(name));
  const tooMuch = tooMuchIn(Object.fromEntries(given));
  return tooMuch ? [problem(`variables of ${fn.name}`, tooMuch)] : [];
}

/** What is said of variables that the platform would refuse together. */
export function tooMuchIn(variables: Variables): string | undefined {
  const bytes = Object.entries(variables).reduce((sum, pair) => sum + Buffer.byteLength(pair.join('')), 0);
  if (bytes < ENVIRONMENT_BYTES_MAX) return undefined;
  return `take ${bytes} bytes; the platform allows less than ${ENVIRONMENT_BYTES_MAX}`;
}
