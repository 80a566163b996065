import { sizedCanvas } from '../canvas/canvas-node.ts';

/** What `NodesRef.node()` answers for an element: a canvas, or the scrolling of a scroll-view; null for any other. */
export function nodeOf(host: HTMLElement): unknown {
  if (host.localName === 'wx-canvas') return sizedCanvas(host);
  return host.localName === 'wx-scroll-view' ? scrollViewContext(host) : null;
}

/** https://developers.weixin.qq.com/miniprogram/dev/api/ui/scroll/ScrollViewContext.html */
function scrollViewContext(host: HTMLElement) {
  return {
    scrollTo({ top, left, animated = true }: { top?: number; left?: number; animated?: boolean } = {}) {
      host.scrollTo({
        behavior: animated ? 'smooth' : 'auto',
        ...(top !== undefined && { top }),
        ...(left !== undefined && { left }),
      });
    },
    scrollIntoView(selector: string, { animated = true }: { animated?: boolean } = {}) {
      host
        .querySelector(selector)
        ?.scrollIntoView({ behavior: animated ? 'smooth' : 'auto', block: 'start' });
    },
  };
}
