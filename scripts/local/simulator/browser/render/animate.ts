import type { GeneralComponent } from 'glass-easel';
import { onScreen } from '../screen.ts';
import { domOf } from './glass.ts';
import { toKeyframes } from './keyframes.ts';

const running = new WeakMap<HTMLElement, Animation[]>();

interface Caller {
  readonly _$: GeneralComponent;
}

/**
 * `this.animate(selector, keyframes, duration, callback)` and `this.clearAnimation`. Where it ends, an element stays
 * (https://developers.weixin.qq.com/miniprogram/dev/framework/view/animation.html). Animations that follow a scroll are not here.
 */
export function animate(
  this: Caller,
  selector: string,
  keyframes: readonly Readonly<Record<string, unknown>>[],
  duration: number,
  callback?: unknown,
): void {
  if (typeof callback === 'object' && callback !== null)
    throw new Error('animate() along a scroll is not in the simulator');
  const frames = toKeyframes(keyframes, onScreen);
  const animations = hostsOf(this, selector).map((host) => {
    const animation = host.animate(frames, { duration, fill: 'forwards' });
    running.set(host, [...(running.get(host) ?? []), animation]);
    return animation;
  });
  const ended = Promise.all(animations.map(({ finished }) => finished));
  void ended.then(
    () => typeof callback === 'function' && callback(),
    () => {},
  );
}

/** Takes away what animations left, at once; which styles is not told apart here. */
export function clearAnimation(this: Caller, selector: string, options?: unknown, callback?: unknown): void {
  for (const host of hostsOf(this, selector)) {
    for (const animation of running.get(host) ?? []) animation.cancel();
    running.delete(host);
  }
  const done = typeof options === 'function' ? options : callback;
  if (typeof done === 'function') queueMicrotask(() => done());
}

function hostsOf({ _$: component }: Caller, selector: string): HTMLElement[] {
  const found = component.getShadowRoot()?.querySelectorAll(selector) ?? [];
  return found.flatMap((element) => domOf(element) ?? []);
}
