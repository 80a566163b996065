import { chinaMinute } from '../../china-time.ts';
import type { WantedItem } from '../items/wanted-items.ts';
import { printable } from '../print.ts';
import { ABSENT, byHand, type Row, row, type Step } from './row.ts';

/** What publishing items needs that is not there yet, by name. */
export type Lacking = readonly string[];

/**
 * One line for each item that virtual payment must have. Published is what its product's document says was published: virtual
 * payment itself gives no list. Items of earlier prices are left: orders that were made with them can still be paid.
 */
export function itemRows(
  collection: string,
  items: readonly WantedItem[],
  { now, lacking }: { readonly now: Date; readonly lacking: Lacking },
): readonly Row[] {
  return items.map((wanted) => {
    const { item, effective_at } = wanted;
    const step: Step =
      lacking.length > 0 ? cannotPublish(lacking) : { kind: 'publish item', collection, wanted };
    const line = row(
      collection,
      `item ${printable(item.id)}`,
      [PUBLISHED, effective_at ? PUBLISHED : ABSENT],
      step,
    );
    return isWaiting(effective_at, now) ? { ...line, note: waitingFor(item.id, effective_at) } : line;
  });
}

/** When all of a product's items can be bought. One without items cannot be read as a product of virtual payment. */
export function readyAt(items: readonly WantedItem[], now: Date): 'now' | 'unpublished' | Date {
  const moments = items.map(({ effective_at }) => effective_at);
  if (moments.length === 0 || moments.includes(undefined)) return 'unpublished';
  const last = moments.reduce<Date>((latest, at) => (at && at > latest ? at : latest), now);
  return last > now ? last : 'now';
}

const PUBLISHED = 'published';

const isWaiting = (effective_at: Date | undefined, now: Date): effective_at is Date =>
  effective_at !== undefined && effective_at > now;

const waitingFor = (id: string, effective_at: Date): string =>
  `${printable(id)} is published, and WeChat sells a new item after up to half an hour: from ${inChina(effective_at)} on. ` +
  'Until then shoppers are asked to come back later';

/** As a clock in China shows it. */
export const inChina = (moment: Date): string => `${chinaMinute(moment)} (China time)`;

const cannotPublish = (lacking: Lacking): Step =>
  byHand(
    `Items of virtual payment cannot be published without ${lacking.join(', ')}. Fill it in (.env.example says where it is ` +
      'found) and run this again',
  );
