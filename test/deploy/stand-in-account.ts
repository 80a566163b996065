export const ENVIRONMENT_ID = 'shop-1a2b3c';
export const DEFAULT_DOMAIN = 'shop-1a2b3c-1250000000.ap-shanghai.app.tcloudbase.com';

export interface Index {
  readonly Name: string;
  readonly Unique: boolean;
  readonly Keys: readonly { readonly Name: string; readonly Direction: string }[];
}

export interface Collection {
  readonly indexes: Index[];
  readonly documents: Map<string, Readonly<Record<string, unknown>>>;
  rule: { Permission: string; SecurityRule: string };
  /** How often it is still said not to exist after it was created. */
  hidden: number;
}

export interface CloudFunction {
  runtime: string;
  handler: string;
  timeout: number;
  memorySize: number;
  installDependency: string;
  variables: { Key: string; Value: string }[];
  zip: Uint8Array;
  status: string;
  /** How often it is still said to be in the making. */
  pending: number;
  readonly triggers: { TriggerName: string; Type: string; TriggerDesc: string; Enable: number | string }[];
}

export interface Route {
  Path: string;
  UpstreamResourceType: string;
  UpstreamResourceName: string;
  EnableAuth: boolean;
  Enable: boolean;
}

export interface Domain {
  readonly Domain: string;
  readonly DomainType: string;
  readonly IsDefault: boolean;
  Enable: boolean;
  readonly Routes: Route[];
}

/** Everything the stand-in remembers. Tests look at it and change it by hand, as an owner would in the console. */
export interface Account {
  readonly collections: Map<string, Collection>;
  readonly functions: Map<string, CloudFunction>;
  readonly domains: Domain[];
  /** As they were before the last change of a route, and how often they are still shown so. */
  domainsBefore: readonly Domain[];
  routesLate: number;
  functionRules: string;
  gateway: boolean;
  /** Whether HTTP access refuses calls whatever the switch says. */
  refusesHttp: boolean;
  /** What DescribeEnvInfo says of the environment besides what all of them have. */
  environment: Readonly<Record<string, unknown>>;
  /** What functions may be created on. */
  runtimes: readonly string[];
  /** Which service knows UpdateFunctionConfiguration; the other one refuses its parameters. */
  settingsService: 'scf' | 'tcb';
  /** Whether documents come in MongoDB's own JSON, in which a number is an object. */
  extendedJson: boolean;
  /** How often an index is refused because another one is still being built. */
  indexesBusy: number;
  /** Functions that run somewhere else than where the stand-in unpacks them: what is called in their place. */
  readonly elsewhere: Map<string, (event: unknown) => Promise<unknown>>;
}

/** Orders in which money may still come, and one in which none will. */
export function openOrders(account: Account, mch_id: string, count: number): void {
  const orders = account.collections.get('orders')?.documents;
  const states = ['NOTPAY', 'USERPAYING', 'PAYERROR'];
  for (let index = 1; index <= count; index++) {
    const _id = `order${index}`;
    orders?.set(_id, { _id, mch_id, trade_state: states[index % states.length] });
  }
  orders?.set('paid', { _id: 'paid', mch_id, trade_state: 'SUCCESS' });
}

export function emptyAccount(): Account {
  return {
    collections: new Map(),
    functions: new Map(),
    domains: [
      {
        Domain: 'shop-1a2b3c.tcloudbaseapp.com',
        DomainType: 'STATIC_STORE',
        IsDefault: true,
        Enable: true,
        Routes: [],
      },
      { Domain: DEFAULT_DOMAIN, DomainType: 'HTTPSERVICE', IsDefault: true, Enable: true, Routes: [] },
    ],
    domainsBefore: [],
    routesLate: 0,
    functionRules: '',
    gateway: true,
    refusesHttp: false,
    environment: {},
    runtimes: ['Nodejs18.15', 'Nodejs20.19', 'Nodejs22.21', 'Nodejs24.11'],
    settingsService: 'scf',
    extendedJson: false,
    indexesBusy: 1,
    elsewhere: new Map(),
  };
}
