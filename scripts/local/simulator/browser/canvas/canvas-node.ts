/** What a mini-program gets of a canvas: the browser's own, with the methods that WeChat adds. */
export interface CanvasNode extends HTMLCanvasElement {
  createImage(): HTMLImageElement;
  createImageData(width: number, height: number): ImageData;
  createPath2D(path?: Path2D | string): Path2D;
  requestAnimationFrame(run: (time: number) => void): number;
  cancelAnimationFrame(id: number): void;
}

/** The canvas as WeChat's Canvas; pictures of the project, the phone and the cloud are found by `assetUrl`. */
export function canvasNode(canvas: HTMLCanvasElement, assetUrl: (src: string) => string): CanvasNode {
  return Object.assign(canvas, {
    createImage: () => picture(assetUrl),
    createImageData: (width: number, height: number) => new ImageData(width, height),
    createPath2D: (path?: Path2D | string) => new Path2D(path),
    requestAnimationFrame: (run: (time: number) => void) => requestAnimationFrame(run),
    cancelAnimationFrame: (id: number) => cancelAnimationFrame(id),
  });
}

/** The canvas in an element. Until a page says otherwise it has a point for each of the box's. */
export function sizedCanvas(host: Element | null | undefined): HTMLCanvasElement | undefined {
  const canvas = host?.querySelector('canvas') ?? undefined;
  if (canvas && canvas.width === 0 && canvas.height === 0)
    Object.assign(canvas, { width: canvas.clientWidth, height: canvas.clientHeight });
  return canvas;
}

function picture(assetUrl: (src: string) => string): HTMLImageElement {
  const image = new Image();
  let given = '';
  return Object.defineProperty(image, 'src', {
    get: () => given,
    set(src: string) {
      given = src;
      image.setAttribute('src', assetUrl(src));
    },
  });
}

/** Loads a picture; undefined for what is none. */
export function loadPicture(url: string): Promise<HTMLImageElement | undefined> {
  const image = new Image();
  return new Promise((resolve) => {
    image.onload = () => resolve(image);
    image.onerror = () => resolve(undefined);
    image.src = url;
  });
}
