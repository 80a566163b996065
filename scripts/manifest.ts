/**
 * What exists in an environment: functions, collections, indexes, rules, first documents. The local world and the
 * deployment both read it, so what is tested is what is deployed.
 */

export interface FunctionManifest {
  readonly name: string;
  /** Seconds until the platform stops a call. */
  readonly timeout: number;
  /** Megabytes. */
  readonly memorySize: number;
  /** The environment variables it is given; a function gets no secret it does not need. */
  readonly environment: readonly string[];
  /** Seven fields (seconds first, year last), read in UTC+8. */
  readonly trigger?: { readonly name: string; readonly config: string };
  /** The path under which HTTP access reaches it. */
  readonly route?: string;
  /**
   * Who may call it with wx.cloud.callFunction. The platform does not know operators: it lets every shopper through, and
   * the function itself refuses who is none. HTTP, timers, other functions and administrators are not asked.
   */
  readonly invoke: 'shoppers' | 'operators' | 'nobody';
}

export interface IndexManifest {
  readonly name: string;
  readonly keys: readonly (readonly [field: string, direction: 1 | -1])[];
  readonly unique?: boolean;
}

/** A security rule: an expression over `auth` and `doc`, or a plain yes or no. */
export type Rule = string | boolean;

export interface AccessRule {
  readonly read: Rule;
  readonly write: Rule;
}

export interface CollectionManifest {
  readonly name: string;
  readonly indexes: readonly IndexManifest[];
  /** Rules bind the mini-program only; functions and administrators are not asked. */
  readonly rule: AccessRule;
  /** The rule of an earlier release. The pages of that release, which phones keep for a while, cannot read under `rule`. */
  readonly earlierRule?: AccessRule;
  /** A JSON file of first documents, put in only where their `_id` is missing. */
  readonly seed?: string;
}

/** How often queryOrders runs. docs/deploy.md says what 1, 2 and 5 minutes cost and give. */
export const QUERY_ORDERS_EVERY_MINUTES = 2;

const MERCHANT = [
  'WECHAT_PAY_MCH_ID',
  'WECHAT_PAY_API_KEY',
  'WECHAT_PAY_API_KEY_PREVIOUS',
  'WECHAT_PAY_BASE_URL',
  'WECHAT_PAY_TIMEOUT_MS',
  'UPLOAD_SHIPPING_INFO',
] as const;

/** For functions that ask for refunds. The certificate's key is the longest secret there is. */
const CERTIFICATE = [
  'WECHAT_PAY_CERT',
  'WECHAT_PAY_CERT_KEY',
  'WECHAT_PAY_REFUND_URL',
  'WECHAT_PAY_REFUND_CA',
] as const;

/** What every function needs that asks virtual payment about an order. A shop that sells nothing that way leaves them out. */
const VIRTUAL_PAY = [
  'WEIXIN_APP_SECRET',
  'VIRTUAL_PAY_OFFER_ID',
  'VIRTUAL_PAY_APP_KEY',
  'VIRTUAL_PAY_ENV',
  'WEIXIN_API_ORIGIN',
] as const;

/** Where the merchant's people are told: the robot of a group chat, whose address is a secret. */
const ROBOT = ['ALARM_WEBHOOK_URL', 'ALARM_WEBHOOK_ORIGIN'] as const;

/** What a new function is created on. That cannot be changed later, so functions which are there keep theirs. */
export const runtime = 'Nodejs24.11';
/** What it is created on where the environment refuses that one. */
export const fallbackRuntime = 'Nodejs20.19';

export const functions: readonly FunctionManifest[] = [
  {
    name: 'payNotify',
    timeout: 10,
    memorySize: 256,
    environment: [
      'WECHAT_PAY_MCH_ID',
      'WECHAT_PAY_API_KEY',
      'WECHAT_PAY_API_KEY_PREVIOUS',
      'UPLOAD_SHIPPING_INFO',
    ],
    route: '/payNotify',
    invoke: 'nobody',
  },
  {
    name: 'refundNotify',
    timeout: 20,
    memorySize: 256,
    environment: MERCHANT,
    route: '/refundNotify',
    invoke: 'nobody',
  },
  {
    name: 'createOrder',
    timeout: 20,
    memorySize: 256,
    environment: [
      ...MERCHANT,
      'WECHAT_PAY_NOTIFY_URL',
      'WECHAT_PAY_SIGN_TYPE',
      'ORDER_LIFETIME_MINUTES',
      'REMINDER_TEMPLATE_ID',
      ...VIRTUAL_PAY,
    ],
    invoke: 'shoppers',
  },
  {
    name: 'checkOrder',
    timeout: 20,
    memorySize: 256,
    environment: [...MERCHANT, ...VIRTUAL_PAY],
    invoke: 'shoppers',
  },
  {
    name: 'cancelOrder',
    timeout: 20,
    memorySize: 256,
    environment: [...MERCHANT, ...VIRTUAL_PAY],
    invoke: 'shoppers',
  },
  {
    name: 'refundOrder',
    timeout: 20,
    memorySize: 256,
    environment: [...MERCHANT, ...CERTIFICATE, ...VIRTUAL_PAY],
    invoke: 'operators',
  },
  {
    name: 'serveDesk',
    timeout: 20,
    memorySize: 256,
    environment: [],
    invoke: 'operators',
  },
  {
    name: 'operateShop',
    timeout: 20,
    memorySize: 256,
    environment: [...MERCHANT, ...CERTIFICATE, ...VIRTUAL_PAY],
    invoke: 'nobody',
  },
  {
    name: 'queryOrders',
    timeout: 60,
    memorySize: 256,
    environment: [...MERCHANT, ...CERTIFICATE, ...VIRTUAL_PAY, ...ROBOT],
    trigger: { name: 'queryOrders', config: `0 */${QUERY_ORDERS_EVERY_MINUTES} * * * * *` },
    invoke: 'nobody',
  },
  {
    name: 'sendReminders',
    timeout: 60,
    memorySize: 256,
    environment: [
      'REMINDER_TEMPLATE_ID',
      'REMINDER_FIELDS',
      'WEIXIN_APP_SECRET',
      'WEIXIN_API_ORIGIN',
      'WECHAT_PAY_TIMEOUT_MS',
    ],
    // By day, each hour: nobody is reminded at night, and what one run leaves the next one does.
    trigger: { name: 'sendReminders', config: '0 0 10-20 * * * *' },
    invoke: 'nobody',
  },
  {
    name: 'reconcileBills',
    timeout: 60,
    memorySize: 256,
    environment: [...MERCHANT, ...VIRTUAL_PAY],
    // Once would do on most days: the runs after it go on with a day that is too large for one, or a bill that comes late.
    trigger: { name: 'reconcileBills', config: '0 30,40,50 10-12 * * * *' },
    invoke: 'nobody',
  },
  {
    name: 'virtualPayNotify',
    timeout: 10,
    memorySize: 256,
    environment: [...VIRTUAL_PAY, 'WECHAT_PAY_TIMEOUT_MS'],
    invoke: 'nobody',
  },
  // Called by npm run doctor, with the same variables and from the same network as those that ask virtual payment.
  {
    name: 'doctor',
    timeout: 10,
    memorySize: 256,
    environment: [...VIRTUAL_PAY, 'WECHAT_PAY_TIMEOUT_MS'],
    invoke: 'nobody',
  },
];

/** What is off sale, prices to come among it, is the merchant's own affair. */
const ON_SALE_IS_READ = 'doc.on_sale == true';
const OWNER_READS = 'doc._openid == auth.openid';

export const collections: readonly CollectionManifest[] = [
  {
    name: 'products',
    indexes: [{ name: 'on_sale', keys: [['on_sale', 1]] }],
    rule: { read: ON_SALE_IS_READ, write: false },
    earlierRule: { read: true, write: false },
    seed: 'products.json',
  },
  {
    name: 'users',
    indexes: [{ name: 'mine', keys: [['_openid', 1]] }],
    rule: { read: OWNER_READS, write: false },
  },
  {
    name: 'orders',
    indexes: [
      // For the functions of an earlier release, which are still warm while newer ones are deployed.
      {
        name: 'due',
        keys: [
          ['trade_state', 1],
          ['next_query_at', 1],
        ],
      },
      { name: 'asked', keys: [['next_query_at', 1]] },
      { name: 'newest', keys: [['created_at', -1]] },
      // The orders that were paid on a day.
      { name: 'paid_on', keys: [['time_end', 1]] },
      {
        name: 'mine',
        keys: [
          ['_openid', 1],
          ['created_at', -1],
        ],
      },
      { name: 'payment', keys: [['transaction_id', 1]] },
    ],
    rule: { read: OWNER_READS, write: false },
  },
  {
    name: 'refunds',
    indexes: [
      { name: 'newest', keys: [['created_at', -1]] },
      // The refunds that ended on a day.
      { name: 'ended', keys: [['ended_at', 1]] },
      {
        name: 'of_order',
        keys: [
          ['out_trade_no', 1],
          ['created_at', -1],
        ],
      },
    ],
    rule: { read: false, write: false },
  },
  {
    name: 'alarms',
    indexes: [
      { name: 'newest', keys: [['created_at', -1]] },
      {
        name: 'about',
        keys: [
          ['subject', 1],
          ['created_at', -1],
        ],
      },
      // The open ones, in which the field is missing or null, newest first; and the others by when they were dealt with.
      {
        name: 'done',
        keys: [
          ['done_at', -1],
          ['created_at', -1],
        ],
      },
    ],
    rule: { read: false, write: false },
  },
  {
    name: 'bills',
    indexes: [{ name: 'newest', keys: [['bill_date', -1]] }],
    rule: { read: false, write: false },
  },
  {
    name: 'operators',
    indexes: [{ name: 'newest', keys: [['created_at', -1]] }],
    rule: { read: false, write: false },
  },
  {
    name: 'audit',
    indexes: [
      { name: 'newest', keys: [['created_at', -1]] },
      {
        name: 'about',
        keys: [
          ['subject', 1],
          ['created_at', -1],
        ],
      },
    ],
    rule: { read: false, write: false },
  },
  {
    name: 'reminders',
    indexes: [{ name: 'due', keys: [['due_at', 1]] }],
    rule: { read: false, write: false },
  },
  {
    name: 'progress',
    indexes: [],
    rule: { read: false, write: false },
  },
];
