import type { GeneralComponent } from 'glass-easel';
import { onScreen } from '../screen.ts';
import { domOf } from './glass.ts';
import { toKeyframes } from './keyframes.ts';
import { followScroll, isScrollTimeline } from './scroll-timeline.ts';

/** What takes an element's animations away. */
const running = new WeakMap<HTMLElement, (() => void)[]>();

interface Caller {
  readonly _$: GeneralComponent;
}

/**
 * `this.animate(selector, keyframes, duration, callback)` and `this.clearAnimation`. Where it ends, an element stays
 * (https://developers.weixin.qq.com/miniprogram/dev/framework/view/animation.html). With a scroll timeline in the callback's place
 * it goes as far as a scroll-view is scrolled.
 */
export function animate(
  this: Caller,
  selector: string,
  keyframes: readonly Readonly<Record<string, unknown>>[],
  duration: number,
  end?: unknown,
): void {
  const timeline = isScrollTimeline(end) ? end : undefined;
  const frames = toKeyframes(keyframes, onScreen);
  const animations = hostsOf(this, selector).map((host) => {
    const animation = host.animate(frames, { duration, fill: timeline ? 'both' : 'forwards' });
    const scrollers = timeline ? hostsOf(this, timeline.scrollSource) : [];
    const leave = timeline && followScroll(animation, scrollers[0], timeline);
    const cancel = () => {
      leave?.();
      animation.cancel();
    };
    running.set(host, [...(running.get(host) ?? []), cancel]);
    return animation;
  });
  const ended = Promise.all(animations.map(({ finished }) => finished));
  void ended.then(
    () => typeof end === 'function' && end(),
    () => {},
  );
}

/** Takes away what animations left, at once; which styles is not told apart here. */
export function clearAnimation(this: Caller, selector: string, options?: unknown, callback?: unknown): void {
  for (const host of hostsOf(this, selector)) {
    for (const cancel of running.get(host) ?? []) cancel();
    running.delete(host);
  }
  const done = typeof options === 'function' ? options : callback;
  if (typeof done === 'function') queueMicrotask(() => done());
}

function hostsOf({ _$: component }: Caller, selector: string): HTMLElement[] {
  const found = component.getShadowRoot()?.querySelectorAll(selector) ?? [];
  return found.flatMap((element) => domOf(element) ?? []);
}
