import { transformOf } from '../render/keyframes.ts';
import { onScreen } from '../screen.ts';
import type { ExportedAnimation } from '../wx/animation.ts';

const shown = new WeakMap<HTMLElement, number>();

/** Plays what `wx.createAnimation` exported, step after step; another animation takes its place. */
export async function playAnimation(host: HTMLElement, value: unknown): Promise<void> {
  if (!isExported(value)) return;
  const turn = (shown.get(host) ?? 0) + 1;
  shown.set(host, turn);
  for (const { animates, option } of value.actions) {
    if (shown.get(host) !== turn) return;
    // So that a style that was set just now is where the transition begins.
    host.getBoundingClientRect();
    const { duration, timingFunction, delay, transformOrigin } = option;
    host.style.transition = `all ${duration}ms ${timingFunction} ${delay}ms`;
    host.style.transformOrigin = transformOrigin;
    const transforms: string[] = [];
    for (const { type, args } of animates) {
      if (type !== 'style') transforms.push(onScreen(transformOf(type, args)));
      else Reflect.set(host.style, String(args[0]), onScreen(String(args[1])));
    }
    if (transforms.length > 0) host.style.transform = transforms.join(' ');
    await new Promise((resolve) => setTimeout(resolve, duration + delay));
  }
}

function isExported(value: unknown): value is ExportedAnimation {
  return typeof value === 'object' && value !== null && 'actions' in value && Array.isArray(value.actions);
}
