/** The phone's screen: its logical size in CSS pixels, and how many times larger than usual its owner wants text. */
export interface Screen {
  readonly width: number;
  readonly height: number;
  readonly textScale: number;
}

const HEIGHT_PX = 812;
/** An upright tablet, whose screen is 750 rpx wide as well, so that everything on it is about twice as large. */
export const TABLET = { width: 768, height: 1024 } as const;
const WIDTH_PX = { least: 280, usual: 375, most: 480 } as const;
const TEXT_SCALE = { least: 0.8, usual: 1, most: 1.6 } as const;

let current: Screen = { width: WIDTH_PX.usual, height: HEIGHT_PX, textScale: TEXT_SCALE.usual };

/** The one screen that is simulated. */
export function screen(): Screen {
  return current;
}

/** Chooses the screen, before anything is drawn on it. What is out of reach is as usual. */
export function chooseScreen({ width, textScale }: { width: number; textScale: number }): void {
  const isTablet = width === TABLET.width;
  current = {
    width: isTablet ? width : within(width, WIDTH_PX),
    height: isTablet ? TABLET.height : HEIGHT_PX,
    textScale: within(textScale, TEXT_SCALE),
  };
}

/** A screen is 750 rpx wide. The phone rounds down, but never to nothing. */
export function rpxToPx(rpx: number): number {
  const px = Math.sign(rpx) * Math.floor((Math.abs(rpx) / 750) * current.width + 1e-4);
  return px === 0 ? Math.sign(rpx) : px;
}

/**
 * A piece of CSS as this screen draws it: every length in rpx in pixels, and type as large as its owner wants it. Larger
 * text grows with its line and with nothing else, as in WeChat's pages.
 */
export function onScreen(css: string): string {
  const inPixels = css.replace(
    /(-?(?:\d+\.?\d*|\.\d+))rpx\b/gi,
    (_, rpx: string) => `${rpxToPx(Number(rpx))}px`,
  );
  if (current.textScale === 1) return inPixels;
  return inPixels.replace(
    /\b((?:font-size|line-height)\s*:\s*)(\d+\.?\d*)px/gi,
    (_, property: string, px: string) => `${property}${Number(px) * current.textScale}px`,
  );
}

function within(found: number, { least, usual, most }: { least: number; usual: number; most: number }) {
  return found >= least && found <= most ? found : usual;
}
