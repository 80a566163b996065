/** One of the people whose phone is shown. */
export interface Shopper {
  readonly openid: string;
  readonly name: string;
}

/** A read that a mini-program asks of the database. `where` is a filter in MongoDB's language. */
export type DatabaseRequest =
  | {
      readonly kind: 'get';
      readonly collection: string;
      readonly where: Readonly<Record<string, unknown>>;
      readonly order: readonly { readonly field: string; readonly direction: 'asc' | 'desc' }[];
      readonly skip: number;
      readonly limit: number;
      readonly field?: Readonly<Record<string, unknown>>;
    }
  | {
      readonly kind: 'count';
      readonly collection: string;
      readonly where: Readonly<Record<string, unknown>>;
    };

/** What a function, the database or the cashier answers when it refuses. */
export interface BackendError {
  /** The platform's name for it, as `DATABASE_PERMISSION_DENIED`; empty where it has none. */
  readonly code: string;
  readonly message: string;
  /** The number a mini-program switches on, as -502003. */
  readonly errCode: number;
}

/** What a database read finds: the documents of a `get`, the number of a `count`. */
export type DatabaseResult = { readonly documents: readonly unknown[] } | { readonly total: number };

/** What the mini-program hands to `wx.requestPayment`, callbacks left out. */
export interface PaymentParameters {
  readonly timeStamp: string;
  readonly nonceStr: string;
  readonly package: string;
  readonly signType: string;
  readonly paySign: string;
}

/** What the mini-program hands to `wx.requestVirtualPayment`, callbacks left out: as it came, the cash desk judges it. */
export interface VirtualPaymentParameters {
  readonly signData?: unknown;
  readonly mode?: unknown;
  readonly paySig?: unknown;
  readonly signature?: unknown;
}

/** What of the phone decides how virtual payment is paid. */
export interface PhoneKind {
  readonly platform: 'ios' | 'android' | 'windows';
  /** Of WeChat. */
  readonly version: string;
}

/** What `fail` of `wx.requestVirtualPayment` receives. */
export interface VirtualRefusal {
  readonly kind: 'refused';
  readonly errMsg: string;
  readonly errCode: number;
}

/** A page's or component's JSON as the runtime needs it: every component path resolved, without a leading slash. */
export interface ComponentConfig {
  readonly isPage: boolean;
  readonly script: string;
  readonly usingComponents: Readonly<Record<string, string>>;
  readonly genericDefaults: Readonly<Record<string, string>>;
  readonly json: Readonly<Record<string, unknown>>;
  /** The prefix of the class names of a component that keeps its styles to itself. */
  readonly scope?: string;
}

export interface TabBarItem {
  readonly pagePath: string;
  readonly text: string;
  readonly iconPath?: string | undefined;
  readonly selectedIconPath?: string | undefined;
}

export interface AppConfig {
  readonly pages: readonly string[];
  readonly entryPagePath: string;
  readonly window: Readonly<Record<string, unknown>>;
  readonly tabBar?: {
    readonly custom: boolean;
    readonly list: readonly TabBarItem[];
    readonly color: string;
    readonly selectedColor: string;
    readonly backgroundColor: string;
  };
  readonly darkmode: boolean;
  /** The values of `@name` in the configuration, for each theme. */
  readonly theme: Readonly<Record<'light' | 'dark', Readonly<Record<string, string>>>>;
}

export interface ModuleSource {
  readonly code: string;
  /** Where each `require` of this module leads. */
  readonly requires: Readonly<Record<string, string>>;
}

/** A compiled mini-program. */
export interface Program {
  readonly appid: string;
  readonly app: AppConfig;
  readonly appScript: string;
  readonly components: Readonly<Record<string, ComponentConfig>>;
  /** The style sheet of each page and component, and of `app`. */
  readonly styles: Readonly<Record<string, string>>;
  /** One JavaScript expression: the template of each page and component. */
  readonly templates: string;
  readonly modules: Readonly<Record<string, ModuleSource>>;
  /** What DevTools warns of. */
  readonly warnings: readonly string[];
}

export type ProgramAnswer =
  | { readonly kind: 'program'; readonly program: Program; readonly shoppers: readonly Shopper[] }
  | { readonly kind: 'errors'; readonly errors: readonly string[] };

export type FunctionAnswer = { readonly result?: unknown } | { readonly error: BackendError };
export type DatabaseAnswer = { readonly data: DatabaseResult } | { readonly error: BackendError };

/** How far the world's clock is ahead of the machine's, in milliseconds; with every answer. */
export const CLOCK_OFFSET_HEADER = 'x-clock-offset';
/** How the phone is connected: fast, slow or none. */
export const CONNECTION_HEADER = 'x-phone-network';
/** Changes with the mini-program's source. */
export const SOURCE_HEADER = 'x-source';
