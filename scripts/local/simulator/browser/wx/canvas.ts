import { createCanvasContext } from '../canvas/canvas-context.ts';
import { canvasNode, sizedCanvas } from '../canvas/canvas-node.ts';
import type { PhoneFiles } from '../files/phone-files.ts';
import { api } from './api.ts';
import { fail, type Options } from './failure.ts';

/** Canvases beside the element: offscreen ones, the older context, and pictures of what was drawn. */
export function canvasApis({
  files,
  assetUrl,
  page,
}: {
  files: PhoneFiles;
  assetUrl: (src: string) => string;
  /** Of the page that is shown. */
  page: () => HTMLElement | undefined;
}) {
  const find = (id: unknown) =>
    sizedCanvas(page()?.querySelector(`wx-canvas[data-canvas-id=${JSON.stringify(String(id))}]`));
  return {
    createOffscreenCanvas({ width = 300, height = 150 }: { width?: number; height?: number } = {}) {
      return canvasNode(Object.assign(document.createElement('canvas'), { width, height }), assetUrl);
    },
    createCanvasContext: (id: string) => createCanvasContext(() => find(id), assetUrl),
    canvasToTempFilePath: api('canvasToTempFilePath', async (options) => {
      const { canvas = find(options.canvasId) } = options;
      if (!(canvas instanceof HTMLCanvasElement)) return fail('fail canvas is empty');
      const isJpeg = options.fileType === 'jpg';
      const bytes = await pictureOf(canvas, options, isJpeg ? 'image/jpeg' : 'image/png');
      return { tempFilePath: files.addTemporary(bytes, isJpeg ? '.jpg' : '.png') };
    }),
  };
}

/** A part of a canvas, at the size that is asked for; both are the whole of it unless said. */
async function pictureOf(
  canvas: HTMLCanvasElement,
  options: Options,
  type: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const number = (name: string, otherwise: number) =>
    typeof options[name] === 'number' ? Number(options[name]) : otherwise;
  const [x, y] = [number('x', 0), number('y', 0)];
  const [width, height] = [number('width', canvas.width - x), number('height', canvas.height - y)];
  const part = Object.assign(document.createElement('canvas'), {
    width: number('destWidth', width),
    height: number('destHeight', height),
  });
  const context = part.getContext('2d');
  if (!context || part.width === 0 || part.height === 0) return fail('fail canvas is empty');
  context.drawImage(canvas, x, y, width, height, 0, 0, part.width, part.height);
  const blob = await new Promise<Blob | null>((resolve) => part.toBlob(resolve, type, number('quality', 1)));
  return blob ? new Uint8Array(await blob.arrayBuffer()) : fail('fail write file failed');
}
