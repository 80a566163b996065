import type { backend } from 'glass-easel';
import { viewportOrigin } from './viewport.ts';

/** What an observer is told to watch. */
export interface Watched {
  readonly target: HTMLElement;
  /** The element whose box it is held against; null is the page that is shown. */
  readonly relativeTo: HTMLElement | null;
  /** Whole, as CSS has it. */
  readonly margin: string;
  readonly thresholds: readonly number[];
}

/**
 * Reports how much of an element lies in a box, measured from the page's corner. The browser's own window is no box of a phone. A margin
 * widens the box of the page that scrolls: around that one the page itself would cut it off again.
 */
export function observeIntersection(
  { target, relativeTo, margin, thresholds }: Watched,
  listener: (status: backend.IntersectionStatus) => void,
): backend.Observer {
  const page = target.closest(/[1-9]/.test(margin) ? '.sim-scroll' : '.sim-page');
  const report = (entries: readonly IntersectionObserverEntry[]) => {
    for (const entry of entries) listener(statusOf(entry));
  };
  const how = { root: relativeTo ?? page, rootMargin: margin, threshold: [...thresholds] };
  const observer = new IntersectionObserver(report, how);
  observer.observe(target);
  return { disconnect: () => observer.disconnect() };
}

function statusOf(entry: IntersectionObserverEntry): backend.IntersectionStatus {
  return {
    intersectionRatio: entry.intersectionRatio,
    boundingClientRect: fromPage(entry.boundingClientRect),
    intersectionRect: fromPage(entry.intersectionRect),
    relativeRect: fromPage(entry.rootBounds),
    time: entry.time,
  };
}

/** An empty intersection has no place, and stays at the corner. */
function fromPage(rect: DOMRectReadOnly | null) {
  if (!rect || (rect.width === 0 && rect.height === 0 && rect.left === 0 && rect.top === 0))
    return new DOMRect();
  const origin = viewportOrigin();
  return new DOMRect(rect.left - origin.left, rect.top - origin.top, rect.width, rect.height);
}
