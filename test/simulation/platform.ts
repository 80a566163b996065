import type { MerchantConfig } from '../../cloudfunctions/_shared/cloud/config.ts';
import type { RobotConfig } from '../../cloudfunctions/_shared/cloud/robot-config.ts';
import type { Post } from '../../cloudfunctions/_shared/robot/robot.ts';
import type { Transport } from '../../cloudfunctions/_shared/wechatpay/client.ts';
import type { Transport as WeixinTransport } from '../../cloudfunctions/_shared/weixin/transport.ts';
import { functions } from '../../scripts/manifest.ts';
import type { Chance } from './chance.ts';
import type { OpenDatabase, Send } from './database-client.ts';
import type { EventLog } from './event-log.ts';
import type { Faults } from './faults.ts';
import { Instance } from './instance.ts';
import type { Payer } from './payment-side.ts';
import type { Scheduler } from './scheduler.ts';
import type { FunctionName, Subject } from './subject.ts';

type Main = (event: unknown, context: unknown) => Promise<unknown>;
export type FunctionInstance = Instance<Main>;

/** What became of an event. `troubles` are the faults that its function met, apart from those of the robot. */
export type Outcome = {
  readonly troubles: ReadonlySet<string>;
  /** Which event of which instance it was. */
  readonly run: string;
  readonly isRobotTroubled: boolean;
} & (
  | { readonly kind: 'answered'; readonly answer: unknown }
  | { readonly kind: 'threw'; readonly error: unknown }
  | { readonly kind: 'died' | 'timed out' }
);

/** How a function asks WeChat Pay: how long it waits, and by which clock. */
export interface Way {
  readonly timeout_ms: number;
  readonly now: () => Date;
  readonly certificate?: MerchantConfig['certificate'];
}

export interface PlatformOptions {
  readonly subject: Subject;
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly faults: Faults;
  readonly log: EventLog;
  readonly envId: string;
  /** By how much a function's clock may be off, either way. */
  readonly skewMs: number;
  readonly variables: () => Readonly<Record<string, string>>;
  readonly openDatabase: OpenDatabase;
  readonly toDatabase: (instance: FunctionInstance) => Send;
  readonly toWeChatPay: (instance: FunctionInstance, way: Way) => Transport;
  readonly toWeixin: (instance: FunctionInstance, way: Way) => WeixinTransport;
  readonly toRobot: (instance: FunctionInstance, config: RobotConfig) => Post;
  /** Receives every line that a function logs. */
  readonly onLine: (instance: FunctionInstance, line: string) => void;
}

/** An idle instance is given up after this long. */
const IDLE_MAX_MS = 15 * 60_000;
const WARM_MS = 3;
const COLD_MS = { min: 150, max: 600 };

const MANIFEST = new Map(functions.map((entry) => [entry.name, entry]));

/** The platform that runs functions: instances, one event at a time each, with a time limit, frozen in between. */
export class FunctionPlatform {
  readonly #options: PlatformOptions;
  readonly #pools = new Map<FunctionName, FunctionInstance[]>();
  #made = 0;

  constructor(options: PlatformOptions) {
    this.#options = options;
  }

  /** Gives one event to one function. Never rejects. */
  async invoke(
    name: FunctionName,
    event: object,
    { payer, source }: { readonly payer?: Payer | undefined; readonly source?: string } = {},
  ): Promise<Outcome> {
    const { scheduler, chance, faults } = this.#options;
    const warm = faults.hits('cold start') ? undefined : this.#idle(name);
    const instance = warm ?? this.#make(name);
    const outcome = new Promise<Outcome>((resolve) => {
      const { troubles } = instance;
      // Read when it has ended: by then the run is over, and what it met is known.
      const met = () => ({ troubles, run: instance.run, isRobotTroubled: instance.isRobotTroubled });
      const limit = (MANIFEST.get(name)?.timeout ?? 3) * 1000;
      const cancelLimit = scheduler.after(limit, () => {
        resolve({ kind: 'timed out', ...met() });
        instance.die();
      });
      const end = (result: Outcome) => {
        cancelLimit();
        instance.rest();
        instance.idleSince = scheduler.time;
        if (instance.isOutdated) instance.die();
        resolve(result);
      };
      instance.serve(scheduler.time, () => {
        cancelLimit();
        resolve({ kind: 'died', ...met() });
      });
      const context = this.#enter(instance, payer, source);
      const start = warm ? WARM_MS : chance.whole(COLD_MS.min, COLD_MS.max);
      scheduler.after(start, () => {
        if (!instance.isAlive) return;
        instance.thaw(warm !== undefined && faults.hits('connections reset by a freeze'));
        instance.main(event, context).then(
          (answer) => instance.isAlive && end({ kind: 'answered', answer, ...met() }),
          (error: unknown) => instance.isAlive && end({ kind: 'threw', error, ...met() }),
        );
      });
    });
    return outcome;
  }

  /** The functions' variables were changed: those that run keep what they have, and none of them is used again. */
  redeploy(): void {
    for (const pool of this.#pools.values()) {
      for (const instance of pool) {
        instance.isOutdated = true;
        if (!instance.isServing) instance.die();
      }
    }
  }

  #idle(name: FunctionName): FunctionInstance | undefined {
    const { scheduler } = this.#options;
    const pool = (this.#pools.get(name) ?? []).filter(({ isAlive }) => isAlive);
    this.#pools.set(name, pool);
    const idle = pool.filter(({ isServing }) => !isServing);
    for (const instance of idle) if (scheduler.time - instance.idleSince > IDLE_MAX_MS) instance.die();
    return idle.find(({ isAlive, isOutdated }) => isAlive && !isOutdated);
  }

  /** Sets the variables of this call, and gives the context that says the same. */
  #enter(instance: FunctionInstance, payer: Payer | undefined, source: string | undefined): object {
    const { envId, faults } = this.#options;
    const identity = payer && { WX_OPENID: payer.openid, WX_APPID: payer.appid, WX_CLIENTIP: '10.1.2.3' };
    const variables: Record<string, string> = { ...identity, TCB_ENV: envId };
    if (source !== undefined) variables.TCB_SOURCE = source;
    if (identity) variables.WX_CONTEXT_KEYS = Object.keys(identity).join(',');
    Object.assign(instance.environment, variables);
    const context = { namespace: envId, function_name: instance.name };
    if (payer && faults.hits('context without environment')) return context;
    if (faults.hits('context of an old instance')) {
      const pairs = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
      return { ...context, environ: pairs.join(';') };
    }
    return { ...context, environment: JSON.stringify(variables) };
  }

  #make(name: FunctionName): FunctionInstance {
    const {
      subject,
      scheduler,
      chance,
      skewMs,
      openDatabase,
      toDatabase,
      toWeChatPay,
      toWeixin,
      toRobot,
      onLine,
    } = this.#options;
    const number = ++this.#made;
    const own = chance.branch(`${name} ${number}`);
    const skew = own.whole(-skewMs, skewMs);
    const instance: FunctionInstance = new Instance(`${name}#${number}`, (made) => {
      const now = () => new Date(scheduler.time + skew);
      const world = subject.runtimeOn({
        clock: { now },
        timers: { after: (ms, run) => scheduler.after(ms, () => made.receive(run)) },
        chance: () => own.next(),
        random: (bytes) => own.bytes(bytes),
        variables: this.#variablesOf(name),
        write: (line) => onLine(made, line),
        loadSdk: async () => ({
          database: () => openDatabase(toDatabase(made)),
          getWXContext: () => wxContextOf(made),
        }),
        connect: ({ timeout_ms, certificate }) => toWeChatPay(made, { timeout_ms, now, certificate }),
        connectWeixin: ({ timeout_ms }) => toWeixin(made, { timeout_ms, now }),
        connectRobot: (config) => toRobot(made, config),
      });
      return subject.builds[name](world);
    });
    this.#pools.set(name, [...(this.#pools.get(name) ?? []), instance]);
    return instance;
  }

  /** A function gets no variable that its manifest does not name. */
  #variablesOf(name: FunctionName): Readonly<Record<string, string>> {
    const names = MANIFEST.get(name)?.environment ?? [];
    return Object.fromEntries(
      Object.entries(this.#options.variables()).filter(([each]) => names.includes(each)),
    );
  }
}

/** As getWXContext() reads process.env: whatever call left it there. */
function wxContextOf({ environment }: FunctionInstance): Readonly<Record<string, string>> {
  const { WX_OPENID = '', WX_APPID = '', WX_CLIENTIP = '', TCB_ENV = '' } = environment;
  return { OPENID: WX_OPENID, APPID: WX_APPID, CLIENTIP: WX_CLIENTIP, ENV: TCB_ENV };
}
