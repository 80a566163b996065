import type { XpayErrcode } from './errors.ts';
import type { Env } from './ledger.ts';

/** What is uploaded of an item. */
export interface ItemFields {
  readonly id: string;
  readonly name: string;
  /** Fen. */
  readonly price: number;
  readonly remark: string;
  readonly item_url: string;
}

/** An item as WeChat has it in one environment. */
export interface Item extends ItemFields {
  readonly env: Env;
  readonly uploaded_at: Date;
  readonly published_at?: Date;
  readonly review?: 'ok' | 'failed';
}

/** Whether an item can be bought, and why not. */
export type ItemState = 'unknown' | 'unpublished' | 'review failed' | 'not yet effective' | 'effective';

type TaskKind = 'upload' | 'publish';

/** The one batch task that an environment can have, and what it comes to. */
interface Task {
  readonly ends_at: Date;
  readonly item: Readonly<Record<string, unknown>>;
  readonly outcome: { readonly status: number; readonly errmsg: string };
}

/** Of a batch: nothing was asked for, it runs, it failed at least in part, it is done. */
const BATCH = { NONE: 0, RUNNING: 1, FAILED: 2, DONE: 3 } as const;
/** Of one item of a batch. */
const ITEM_RUNNING = 0;
const ITEM_EXISTS = 1;
const ITEM_DONE = 2;
const ITEM_FAILED = 3;

/** Stands for WeChat's content check, whose list nobody knows. */
const REFUSED_WORDS = ['违禁', '赌博', '色情'];

/** The items (道具) of both environments. Tasks end when somebody looks after their time. */
export class Items {
  readonly #now: () => Date;
  readonly #taskMs: number;
  readonly #effectiveMs: number;
  readonly #onChange: (item: Item) => void;
  readonly #items = new Map<string, Item>();
  readonly #tasks = new Map<string, Task>();

  constructor(options: {
    readonly now: () => Date;
    readonly taskMs: number;
    readonly effectiveMs: number;
    readonly onChange?: (item: Item) => void;
  }) {
    this.#now = options.now;
    this.#taskMs = options.taskMs;
    this.#effectiveMs = options.effectiveMs;
    this.#onChange = options.onChange ?? (() => {});
  }

  /** Puts an item there as if it had been uploaded, and published where it says so. */
  put(item: Item): void {
    this.#items.set(key(item.env, item.id), item);
    this.#onChange(item);
  }

  all(): Item[] {
    return [...this.#items.values()];
  }

  find(env: Env, id: string): Item | undefined {
    return this.#items.get(key(env, id));
  }

  stateOf(item: Item | undefined): ItemState {
    const now = this.#now().getTime();
    if (!item || item.uploaded_at.getTime() > now) return 'unknown';
    if (!item.published_at || item.published_at.getTime() > now) return 'unpublished';
    if (item.review === 'failed') return 'review failed';
    return now < item.published_at.getTime() + this.#effectiveMs ? 'not yet effective' : 'effective';
  }

  /**
   * @param options.succeeds whether WeChat will be able to take it over
   * @returns the refusal's errcode, when there is one
   */
  upload(
    env: Env,
    fields: ItemFields,
    { succeeds }: { readonly succeeds: boolean },
  ): XpayErrcode | undefined {
    if (this.#isRunning(env)) return 268490012;
    if (REFUSED_WORDS.some((word) => fields.name.includes(word) || fields.remark.includes(word)))
      return 268490007;
    const ends_at = this.#end();
    const isKnown = this.find(env, fields.id) !== undefined;
    if (!isKnown && succeeds) this.put({ ...fields, env, uploaded_at: ends_at });
    const outcome = uploadOutcome({ isKnown, succeeds });
    this.#tasks.set(key(env, 'upload'), { ends_at, item: { ...fields }, outcome });
    return undefined;
  }

  /** @param options.passes whether WeChat's review will be content with it */
  publish(env: Env, id: string, { passes }: { readonly passes: boolean }): XpayErrcode | undefined {
    if (this.#isRunning(env)) return 268490012;
    const ends_at = this.#end();
    const item = this.find(env, id);
    this.#tasks.set(key(env, 'publish'), {
      ends_at,
      item: { id },
      outcome: publishOutcome(this.stateOf(item)),
    });
    if (item && this.stateOf(item) === 'unpublished')
      this.put({ ...item, published_at: ends_at, review: passes ? 'ok' : 'failed' });
    return undefined;
  }

  /** What query_upload_goods and query_publish_goods answer. */
  report(env: Env, kind: TaskKind): { readonly status: number; readonly items: readonly object[] } {
    const task = this.#tasks.get(key(env, kind));
    if (!task) return { status: BATCH.NONE, items: [] };
    const field = `${kind}_status`;
    if (this.#now() < task.ends_at)
      return { status: BATCH.RUNNING, items: [{ ...task.item, [field]: ITEM_RUNNING, errmsg: '' }] };
    const { status, errmsg } = task.outcome;
    const isDone = status === ITEM_DONE;
    return { status: isDone ? BATCH.DONE : BATCH.FAILED, items: [{ ...task.item, [field]: status, errmsg }] };
  }

  #isRunning(env: Env): boolean {
    const now = this.#now();
    return [...this.#tasks].some(([name, { ends_at }]) => name.startsWith(`${env} `) && now < ends_at);
  }

  #end(): Date {
    return new Date(this.#now().getTime() + this.#taskMs);
  }
}

function uploadOutcome({ isKnown, succeeds }: { isKnown: boolean; succeeds: boolean }): Task['outcome'] {
  if (isKnown) return { status: ITEM_EXISTS, errmsg: '道具id已存在' };
  return succeeds ? { status: ITEM_DONE, errmsg: '' } : { status: ITEM_FAILED, errmsg: '图片下载失败' };
}

function publishOutcome(state: ItemState): Task['outcome'] {
  if (state === 'unpublished') return { status: ITEM_DONE, errmsg: '' };
  if (state === 'unknown') return { status: ITEM_FAILED, errmsg: '道具不存在' };
  return { status: ITEM_EXISTS, errmsg: '道具id已存在' };
}

function key(env: Env, name: string): string {
  return `${env} ${name}`;
}
