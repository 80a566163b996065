import type { Chance } from './chance.ts';
import type { Faults } from './faults.ts';
import type { NoticeReply } from './payment-side.ts';
import type { FunctionPlatform } from './platform.ts';
import type { Scheduler } from './scheduler.ts';
import type { Story } from './story.ts';

interface Surroundings {
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly faults: Faults;
  readonly story: Story;
  readonly platform: FunctionPlatform;
}

const REPLY_TIMEOUT_MS = 5000;
const WAY_MS = { min: 10, max: 120 };
const LATE_MAX_MS = 6 * 3_600_000;

/** The way of refunds' notices from WeChat Pay to refundNotify, with what can befall them. */
export class RefundNotices {
  readonly #world: Surroundings;

  constructor(world: Surroundings) {
    this.#world = world;
  }

  /** Posts a notice. Rejects when WeChat receives no reply in time; it may arrive all the same, and late. */
  post(body: string): Promise<NoticeReply> {
    const { scheduler, chance, faults, story } = this.#world;
    return new Promise((resolve, reject) => {
      scheduler.after(REPLY_TIMEOUT_MS, () => reject(new Error('no reply in time')));
      if (faults.hits('notice lost')) {
        story.tell('WeChat', 'a refund notice is lost');
        return;
      }
      const late = faults.hits('notice late') ? Math.floor(LATE_MAX_MS * chance.next() ** 4) : 0;
      const times = faults.hits('notice twice') ? 2 : 1;
      for (let time = 0; time < times; time++) {
        scheduler.after(late + chance.whole(WAY_MS.min, WAY_MS.max), async () => {
          const reply = await this.#arrive(body);
          if (!reply || faults.hits('notice reply lost')) return;
          scheduler.after(chance.whole(WAY_MS.min, WAY_MS.max), () => resolve(reply));
        });
      }
    });
  }

  async #arrive(body: string): Promise<NoticeReply | undefined> {
    const { platform, story } = this.#world;
    story.tell('WeChat', 'a refund notice');
    const event = {
      path: '/',
      httpMethod: 'POST',
      headers: { 'content-type': 'text/xml' },
      body,
      isBase64Encoded: false,
    };
    const outcome = await platform.invoke('refundNotify', event);
    if (outcome.kind !== 'answered') return undefined;
    const { statusCode, body: text }: { statusCode?: unknown; body?: unknown } = Object(outcome.answer);
    story.tell('refundNotify', `answers ${Number(statusCode)}`);
    return { status: Number(statusCode), body: String(text) };
  }
}
