/** What of a keyframe is a transformation, and what its numbers are measured in. */
const TRANSFORMS: Readonly<Record<string, string>> = {
  ...{ matrix: '', matrix3d: '', rotate: 'deg', rotateX: 'deg', rotateY: 'deg', rotateZ: 'deg' },
  ...{ scale: '', scale3d: '', scaleX: '', scaleY: '', scaleZ: '', skew: 'deg', skewX: 'deg', skewY: 'deg' },
  ...{ translate: 'px', translate3d: 'px', translateX: 'px', translateY: 'px', translateZ: 'px' },
};
const NAMES: Readonly<Record<string, string>> = { ease: 'easing' };

/** The keyframes of `this.animate` as the browser takes them; lengths may be in rpx. */
export function toKeyframes(
  keyframes: readonly Readonly<Record<string, unknown>>[],
  onScreen: (css: string) => string,
): Keyframe[] {
  return keyframes.map((keyframe) => {
    const frame: Keyframe = {};
    const transforms: string[] = [];
    for (const [name, value] of Object.entries(keyframe)) {
      if (name in TRANSFORMS) transforms.push(onScreen(transformOf(name, value)));
      else if (name === 'offset' && typeof value === 'number') frame.offset = value;
      else frame[NAMES[name] ?? name] = typeof value === 'number' ? value : onScreen(String(value));
    }
    if (transforms.length > 0) frame.transform = transforms.join(' ');
    return frame;
  });
}

/** One transformation: `rotate` of 45 is `rotate(45deg)`, `rotate3d` takes three numbers before its angle. */
export function transformOf(name: string, value: unknown): string {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  const unit = TRANSFORMS[name] ?? '';
  const written = values.map((each) => (typeof each === 'number' ? `${each}${unit}` : String(each)));
  return `${name}(${written.join(', ')})`;
}
