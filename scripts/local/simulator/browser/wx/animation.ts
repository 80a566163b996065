/** Styles that an Animation changes; numbers of the second kind are pixels. */
const PLAIN = ['opacity', 'backgroundColor'];
const LENGTHS = ['width', 'height', 'left', 'right', 'top', 'bottom'];
const TRANSFORMS = [
  ...['matrix', 'matrix3d', 'rotate', 'rotate3d', 'rotateX', 'rotateY', 'rotateZ', 'scale', 'scale3d'],
  ...['scaleX', 'scaleY', 'scaleZ', 'skew', 'skewX', 'skewY', 'translate', 'translate3d'],
  ...['translateX', 'translateY', 'translateZ'],
];

/** How one step moves. */
interface Transition {
  readonly duration: number;
  readonly timingFunction: string;
  readonly delay: number;
  readonly transformOrigin: string;
}

/** A transformation by its name, or `style` with a property and its value. */
interface Animate {
  readonly type: string;
  readonly args: readonly unknown[];
}

/** What `export()` gives, for the attribute `animation` of an element. */
export interface ExportedAnimation {
  readonly actions: readonly { readonly animates: readonly Animate[]; readonly option: Transition }[];
}

const USUAL: Transition = {
  ...{ duration: 400, timingFunction: 'linear', delay: 0, transformOrigin: '50% 50% 0' },
};

/** https://developers.weixin.qq.com/miniprogram/dev/api/ui/animation/wx.createAnimation.html */
export function createAnimation(options: Partial<Transition> = {}): object {
  const usual = { ...USUAL, ...options };
  /** A later step keeps what earlier ones said of other properties. */
  const reached = new Map<string, Animate>();
  let actions: ExportedAnimation['actions'][number][] = [];
  const animation: Record<string, unknown> = {
    step(change: Partial<Transition> = {}) {
      actions.push({ animates: [...reached.values()], option: { ...usual, ...change } });
      return animation;
    },
    export() {
      const exported = { actions };
      actions = [];
      return exported;
    },
  };
  const add = (name: string, toAnimate: (args: readonly unknown[]) => Animate) => {
    animation[name] = (...args: readonly unknown[]) => {
      reached.set(name, toAnimate(args));
      return animation;
    };
  };
  for (const name of TRANSFORMS) add(name, (args) => ({ type: name, args }));
  for (const name of PLAIN) add(name, ([value]) => ({ type: 'style', args: [name, value] }));
  for (const name of LENGTHS)
    add(name, ([value]) => ({
      type: 'style',
      args: [name, typeof value === 'number' ? `${value}px` : value],
    }));
  return animation;
}
