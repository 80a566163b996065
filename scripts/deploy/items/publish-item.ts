import type { Asker } from '../../../cloudfunctions/_shared/virtualpay/client.ts';
import { VirtualPayError } from '../../../cloudfunctions/_shared/virtualpay/errors.ts';
import {
  type Item,
  type ItemTask,
  queryPublish,
  queryUpload,
  startPublish,
  startUpload,
} from '../../../cloudfunctions/_shared/virtualpay/items.ts';
import { WeixinError } from '../../../cloudfunctions/_shared/weixin/errors.ts';
import { until, type Wait } from '../cloud/poll.ts';
import { DeployError } from '../errors.ts';
import { printable } from '../print.ts';
import { explainWeixin } from './explain-weixin.ts';

/** WeChat fetches the picture itself, and developers report that this fails now and then. */
const UPLOADS_MAX = 3;
/** How often a task is looked at; how long one takes is not documented. */
const LOOKS_MAX = 60;

/** One of the two things that are done to an item, each as a task of its own: virtual payment runs one at a time. */
interface Task {
  readonly doing: string;
  readonly start: (asker: Asker, item: Item) => Promise<void>;
  readonly query: (asker: Asker) => Promise<ItemTask>;
}

const UPLOAD: Task = { doing: 'upload', start: startUpload, query: queryUpload };
const PUBLISH: Task = {
  doing: 'publish',
  start: (asker, { id }) => startPublish(asker, [id]),
  query: queryPublish,
};

/**
 * Uploads an item, publishes it and reads back that both were done. What was done before is not done again: virtual payment
 * says that the id exists.
 * @throws DeployError ITEM_REFUSED where virtual payment takes this item not, ITEM_UNFINISHED where it took too long, and the
 * codes of explainWeixin where no item would fare better
 */
export async function publishItem(asker: Asker, item: Item, wait: Wait): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { state, errmsg } = await run(UPLOAD, asker, { item, wait });
    if (state !== 'failed') break;
    if (attempt >= UPLOADS_MAX) throw refused(UPLOAD, item, errmsg);
  }
  const { state, errmsg } = await run(PUBLISH, asker, { item, wait });
  if (state === 'failed') throw refused(PUBLISH, item, errmsg);
}

type ItemState = ItemTask['items'][number];

/** Runs a task to its end, and gives how the item came out of it. */
async function run(
  task: Task,
  asker: Asker,
  { item, wait }: { readonly item: Item; readonly wait: Wait },
): Promise<ItemState> {
  const ask = async <T>(question: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await question();
    } catch (error) {
      if (isPassing(error)) return undefined;
      throw explainWeixin(`${task.doing} item ${item.id}`, error);
    }
  };
  const looks = { wait, attempts: LOOKS_MAX };
  await until(
    async () => (await ask(() => task.start(asker, item).then(() => 'begun'))) !== undefined,
    (begun) => begun,
    looks,
  );
  const ended = await until(
    async () => (await ask(() => task.query(asker)))?.items.find(({ id }) => id === item.id),
    (found) => found !== undefined && found.state !== 'running' && found.state !== 'unknown',
    looks,
  );
  if (ended && ['exists', 'done', 'failed'].includes(ended.state)) return ended;
  throw new DeployError('ITEM_UNFINISHED', `Virtual payment did not finish to ${task.doing} ${item.id}`, {
    wayOut: 'Run this again in a few minutes; it goes on where it stopped',
  });
}

/** What is over in a moment, or may have been done: the same is asked again, and doing it twice does nothing. */
function isPassing(error: unknown): boolean {
  if (error instanceof VirtualPayError)
    return ['TRY_AGAIN', 'TOO_OFTEN', 'TASK_RUNNING'].includes(error.code);
  return error instanceof WeixinError && ['TRY_AGAIN', 'TIMEOUT', 'BROKEN_CONNECTION'].includes(error.code);
}

const refused = ({ doing }: Task, { id, name }: Item, errmsg: string): DeployError =>
  new DeployError(
    'ITEM_REFUSED',
    `Virtual payment did not ${doing} ${id}: ${printable(errmsg) || 'no reason given'}`,
    {
      wayOut: `See that its name (${printable(name)}) is lawful and that VIRTUAL_PAY_ITEM_URL leads to a jpg or png which WeChat can fetch; then run this again`,
    },
  );
