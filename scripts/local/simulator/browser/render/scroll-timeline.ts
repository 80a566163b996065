/** How far a scroll-view is scrolled while an animation runs, as `this.animate` is given it in the place of its callback. */
export interface ScrollTimeline {
  /** The selector of the scroll-view. */
  readonly scrollSource: string;
  readonly orientation?: 'horizontal' | 'vertical';
  /** In px: where the animation begins, and where it is at `timeRange`. */
  readonly startScrollOffset: number;
  readonly endScrollOffset: number;
  /** The time of the animation that this stretch stands for, in milliseconds. */
  readonly timeRange: number;
}

export function isScrollTimeline(value: unknown): value is ScrollTimeline {
  return typeof value === 'object' && value !== null && 'scrollSource' in value;
}

/** Moves an animation by the scroll alone, until the answer is called. Without a scroll-view it stays where it begins. */
export function followScroll(
  animation: Animation,
  scroller: HTMLElement | undefined,
  { orientation, startScrollOffset, endScrollOffset, timeRange }: ScrollTimeline,
): () => void {
  animation.pause();
  const move = () => {
    const { scrollLeft = 0, scrollTop = 0 } = scroller ?? {};
    const offset = orientation === 'horizontal' ? scrollLeft : scrollTop;
    const part = (offset - startScrollOffset) / (endScrollOffset - startScrollOffset);
    animation.currentTime = Math.min(1, Math.max(0, part || 0)) * timeRange;
  };
  move();
  scroller?.addEventListener('scroll', move, { passive: true });
  return () => scroller?.removeEventListener('scroll', move);
}
