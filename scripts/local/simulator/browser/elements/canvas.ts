import { canvasNode } from '../canvas/canvas-node.ts';
import { defineElement } from './define.ts';

/** A bitmap in a box; `sizedCanvas` gives it its first size when a page asks for it. */
export const CANVAS = defineElement({
  name: 'canvas',
  properties: { type: '', canvasId: '', disableScroll: false },
  setup(node, { assetUrl }) {
    const { host } = node;
    const canvas = canvasNode(document.createElement('canvas'), (src) => assetUrl(src, node.owner));
    Object.assign(canvas, { width: 0, height: 0 });
    host.append(canvas);
    return {
      update() {
        host.dataset.canvasId = node.get('canvasId');
      },
    };
  },
});
