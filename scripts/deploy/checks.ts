import type { FunctionManifest } from '../manifest.ts';
import { type Finding, problem, reminder, warning } from './finding.ts';
import type { Variables } from './variables.ts';

/** The key is 32 bytes; WeChat Pay's merchant platform takes letters and digits only. */
const API_KEY = /^[A-Za-z0-9]{32}$/;
const MCH_ID = /^[0-9]{8,10}$/;
const ENV_ID = /^[a-z0-9][a-z0-9-]{2,62}$/i;
/** unifiedorder takes a notify_url of at most this many characters. */
const NOTIFY_URL_CHARACTERS_MAX = 256;
/** All names and values that one function is given, as the platform counts them. */
const ENVIRONMENT_BYTES_MAX = 4096;

/** Everything that can be known about the variables without asking anybody, all at once. */
export function checkVariables(variables: Variables, functions: readonly FunctionManifest[]): Finding[] {
  return [
    ...REQUIRED.filter(([name]) => !variables[name]).map(([name, where]) =>
      problem(name, `is missing. ${where}`),
    ),
    ...Object.entries(variables).flatMap(([name, value]) => RULES[name]?.(value, functions) ?? []),
    ...checkRotation(variables),
    ...functions.flatMap((fn) => checkSize(fn, variables)),
  ];
}

/** A domain that the platform gives away: rate limited, and not meant for production. */
export const isDefaultDomain = (host: string): boolean =>
  /(^|\.)(tcloudbase|tcloudbaseapp)\.com$/i.test(host);

/** CloudBase cannot see what is sold, so the rule is only called to mind. */
export const VIRTUAL_GOODS = reminder(
  'virtual goods',
  'wx.requestPayment is for physical goods and services. On iOS, what is used inside the phone (memberships, courses, ' +
    'coins) must be sold with wx.requestVirtualPayment; a mini-program that does otherwise can lose its payment right',
);

const REQUIRED: readonly (readonly [name: string, where: string])[] = [
  [
    'CLOUDBASE_ENV_ID',
    'CloudBase console, Overview: the environment ID, such as shop-1a2b3c. Or say --env ID',
  ],
  ['TENCENTCLOUD_SECRETID', 'Tencent Cloud console, Access Management, API keys'],
  ['TENCENTCLOUD_SECRETKEY', 'Tencent Cloud console, Access Management, API keys'],
  ['WECHAT_PAY_MCH_ID', 'WeChat Pay merchant platform, Account Center, Merchant Information'],
  ['WECHAT_PAY_API_KEY', 'WeChat Pay merchant platform, Account Center, API Security, API v2 key'],
];

const checkKey = (name: string) => (value: string) =>
  API_KEY.test(value)
    ? []
    : [
        problem(
          name,
          `has ${Buffer.byteLength(value)} bytes; an API v2 key has 32 letters and digits. The API v3 key is another one`,
        ),
      ];

const checkWhole = (name: string, min: number, max: number, unit: string) => (value: string) =>
  /^\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max
    ? []
    : [problem(name, `must be a whole number from ${min} to ${max} (${unit})`)];

const RULES: Readonly<
  Record<string, (value: string, functions: readonly FunctionManifest[]) => readonly Finding[]>
> = {
  CLOUDBASE_ENV_ID: (value) =>
    ENV_ID.test(value)
      ? []
      : [problem('CLOUDBASE_ENV_ID', 'is not an environment ID; it has letters, digits and hyphens only')],
  TENCENTCLOUD_SECRETID: (value) =>
    /^(AKID|IKID)/.test(value) || value.length > 60
      ? []
      : [warning('TENCENTCLOUD_SECRETID', 'does not begin with AKID; is it the key, or the account number?')],
  WECHAT_PAY_MCH_ID: (value) =>
    MCH_ID.test(value)
      ? []
      : [problem('WECHAT_PAY_MCH_ID', 'is not a merchant number, which has 8 to 10 digits')],
  WECHAT_PAY_API_KEY: checkKey('WECHAT_PAY_API_KEY'),
  WECHAT_PAY_API_KEY_PREVIOUS: checkKey('WECHAT_PAY_API_KEY_PREVIOUS'),
  WECHAT_PAY_NOTIFY_URL: checkNotifyUrl,
  WECHAT_PAY_SIGN_TYPE: (value) =>
    ['MD5', 'HMAC-SHA256'].includes(value)
      ? []
      : [problem('WECHAT_PAY_SIGN_TYPE', 'must be HMAC-SHA256 or MD5, spelled so')],
  WECHAT_PAY_BASE_URL: () => [
    warning(
      'WECHAT_PAY_BASE_URL',
      'is set, so no order reaches the real WeChat Pay. Empty it for a real shop',
    ),
  ],
  WECHAT_PAY_TIMEOUT_MS: checkWhole('WECHAT_PAY_TIMEOUT_MS', 500, 15_000, 'milliseconds'),
  ORDER_LIFETIME_MINUTES: checkWhole('ORDER_LIFETIME_MINUTES', 10, 110, 'minutes'),
};

function checkNotifyUrl(value: string, functions: readonly FunctionManifest[]): Finding[] {
  const name = 'WECHAT_PAY_NOTIFY_URL';
  if (!URL.canParse(value))
    return [problem(name, 'is not a URL; it looks like https://pay.example.com/payNotify')];
  const url = new URL(value);
  const route = functions.find((fn) => fn.route)?.route;
  return [
    ...(url.protocol === 'https:' ? [] : [problem(name, 'must begin with https://')]),
    ...(url.search || url.hash || value.includes('?')
      ? [problem(name, 'must not have a query string or a #; WeChat Pay refuses to call it')]
      : []),
    ...(/^[\d.]+$|^\[|^localhost$|^[^.]+$/.test(url.hostname)
      ? [problem(name, 'must name a public domain, not an address or this machine')]
      : []),
    ...(value.length > NOTIFY_URL_CHARACTERS_MAX
      ? [problem(name, `is longer than ${NOTIFY_URL_CHARACTERS_MAX} characters`)]
      : []),
    ...(url.pathname === route
      ? []
      : [warning(name, `does not end in ${route}, where payNotify is reached; is something in between?`)]),
    ...(isDefaultDomain(url.hostname)
      ? [
          warning(
            name,
            'is on a default domain, which is for development only. Production wants an ICP-filed domain of your own',
          ),
        ]
      : []),
  ];
}

function checkRotation({ WECHAT_PAY_API_KEY, WECHAT_PAY_API_KEY_PREVIOUS }: Variables): Finding[] {
  if (!WECHAT_PAY_API_KEY_PREVIOUS) return [];
  return WECHAT_PAY_API_KEY === WECHAT_PAY_API_KEY_PREVIOUS
    ? [
        problem(
          'WECHAT_PAY_API_KEY_PREVIOUS',
          'is the same as WECHAT_PAY_API_KEY; it is for the key before that one',
        ),
      ]
    : [
        warning(
          'WECHAT_PAY_API_KEY_PREVIOUS',
          'is set, so notices signed with the old key are accepted. Empty it and deploy again a week after the change',
        ),
      ];
}

function checkSize(fn: FunctionManifest, variables: Variables): Finding[] {
  const bytes = fn.environment.reduce((sum, name) => {
    const value = variables[name];
    return value ? sum + Buffer.byteLength(name) + Buffer.byteLength(value) : sum;
  }, 0);
  return bytes < ENVIRONMENT_BYTES_MAX
    ? []
    : [
        problem(
          `variables of ${fn.name}`,
          `take ${bytes} bytes; the platform allows less than ${ENVIRONMENT_BYTES_MAX}`,
        ),
      ];
}
