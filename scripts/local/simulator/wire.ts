/** One of the people whose phone is shown. */
export interface Shopper {
  readonly openid: string;
  readonly name: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** `where` is a filter in MongoDB's language; without a limit all that a mini-program gets. */
export interface Query {
  readonly collection: string;
  readonly where: Fields;
  readonly order: readonly { readonly field: string; readonly direction: 'asc' | 'desc' }[];
  readonly skip: number;
  readonly limit?: number;
  readonly field?: Fields;
}

/** What a mini-program asks of the database. `update` is MongoDB's operators; `isOne` stops at the first document. */
export type DatabaseRequest =
  | (Query & { readonly kind: 'get' })
  | { readonly kind: 'count'; readonly collection: string; readonly where: Fields }
  | { readonly kind: 'add'; readonly collection: string; readonly data: Fields }
  | {
      readonly kind: 'set';
      readonly collection: string;
      readonly id: string | number;
      readonly data: Fields;
    }
  | {
      readonly kind: 'update';
      readonly collection: string;
      readonly where: Fields;
      readonly update: Fields;
      readonly isOne: boolean;
    }
  | {
      readonly kind: 'remove';
      readonly collection: string;
      readonly where: Fields;
      readonly isOne: boolean;
    };

/** What a function, the database or the cashier answers when it refuses. */
export interface BackendError {
  /** The platform's name for it, as `DATABASE_PERMISSION_DENIED`; empty where it has none. */
  readonly code: string;
  readonly message: string;
  /** The number a mini-program switches on, as -502003. */
  readonly errCode: number;
}

/** What became of one file of several. */
export interface FileOutcome {
  readonly fileID: string;
  /** 0, or the number of what is wrong. */
  readonly status: number;
  readonly errMsg: string;
  readonly tempFileURL?: string;
  /** In seconds. */
  readonly maxAge?: number;
}
export type FileAnswer = { readonly fileList: readonly FileOutcome[] } | { readonly error: BackendError };

/** What the database answers, by what it was asked: get, count, add, set, update, remove. */
export type DatabaseResult =
  | { readonly documents: readonly unknown[] }
  | { readonly total: number }
  | { readonly _id: unknown }
  | { readonly updated: number; readonly created?: number }
  | { readonly removed: number };

/** What a watched query finds now, or why it is watched no longer. `id` is the phone's own number for it. */
export type WatchLine = { readonly id: number } & (
  | { readonly documents: readonly unknown[] }
  | { readonly error: BackendError }
);

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
  /** `__usePrivacyCheck__`: nothing private before the shopper has agreed. */
  readonly usesPrivacyCheck: boolean;
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
