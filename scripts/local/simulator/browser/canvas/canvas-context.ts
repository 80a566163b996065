import { loadPicture } from './canvas-node.ts';

type Draw = (context: CanvasRenderingContext2D) => unknown;

/** The setters of the older context, and what of a canvas they set. */
const SETTERS: Readonly<Record<string, string>> = {
  setFillStyle: 'fillStyle',
  setStrokeStyle: 'strokeStyle',
  setLineWidth: 'lineWidth',
  setLineCap: 'lineCap',
  setLineJoin: 'lineJoin',
  setMiterLimit: 'miterLimit',
  setGlobalAlpha: 'globalAlpha',
  setTextAlign: 'textAlign',
  setTextBaseline: 'textBaseline',
};

/**
 * The context of `wx.createCanvasContext`: what it is told is drawn at `draw()`, in order, pictures included
 * (https://developers.weixin.qq.com/miniprogram/dev/api/canvas/CanvasContext.html).
 */
export function createCanvasContext(
  find: () => HTMLCanvasElement | undefined,
  assetUrl: (src: string) => string,
): object {
  const scratch = document.createElement('canvas').getContext('2d');
  if (!scratch) throw new Error('the browser draws no pictures');
  let waiting: Draw[] = [];
  let fontSize = 10;
  let drawing = Promise.resolve();
  const own = {
    setFontSize(size: number) {
      fontSize = size;
      set('font', `${size}px sans-serif`);
    },
    setShadow(x: number, y: number, blur: number, color: string) {
      set('shadowOffsetX', x);
      set('shadowOffsetY', y);
      set('shadowBlur', blur);
      set('shadowColor', color);
    },
    setLineDash(pattern: number[], offset = 0) {
      waiting.push((context) => context.setLineDash(pattern));
      set('lineDashOffset', offset);
    },
    createLinearGradient: (...place: [number, number, number, number]) =>
      scratch.createLinearGradient(...place),
    createCircularGradient: (x: number, y: number, r: number) =>
      scratch.createRadialGradient(x, y, 0, x, y, r),
    measureText(text: string) {
      scratch.font = `${fontSize}px sans-serif`;
      return { width: scratch.measureText(text).width };
    },
    drawImage(src: string, ...place: [number, number]) {
      waiting.push(async (context) => {
        const image = await loadPicture(assetUrl(src));
        if (image) context.drawImage(image, ...place);
      });
    },
    draw(reserve: unknown = false, callback: unknown = undefined) {
      const actions = waiting;
      waiting = [];
      drawing = drawing.then(async () => {
        const context = find()?.getContext('2d');
        if (context) await drawAll(context, actions, reserve === true);
        const done = typeof reserve === 'function' ? reserve : callback;
        if (typeof done === 'function') done();
      });
    },
  };
  const set = (property: string, value: unknown) =>
    void waiting.push((context) => Reflect.set(context, property, value));
  return new Proxy<object>(own, {
    get(target, key) {
      if (key in target || typeof key === 'symbol' || key === 'then') return Reflect.get(target, key);
      const property = SETTERS[key];
      if (property !== undefined) return (value: unknown) => set(property, value);
      const method: unknown = Reflect.get(scratch, key);
      if (typeof method !== 'function') return method;
      return (...values: readonly unknown[]) =>
        void waiting.push((context) => Reflect.apply(method, context, values));
    },
    set(_, key, value) {
      if (typeof key === 'string') set(key, value);
      return true;
    },
  });
}

async function drawAll(
  context: CanvasRenderingContext2D,
  actions: readonly Draw[],
  isReserved: boolean,
): Promise<void> {
  context.save();
  if (!isReserved) context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  for (const action of actions) await action(context);
  context.restore();
}
