/** The one phone that is simulated: its logical size in CSS pixels. */
export const SCREEN_WIDTH_PX = 375;
export const SCREEN_HEIGHT_PX = 812;

/** A screen is 750 rpx wide. The phone rounds down, but never to nothing. */
export function rpxToPx(rpx: number): number {
  const px = Math.sign(rpx) * Math.floor((Math.abs(rpx) / 750) * SCREEN_WIDTH_PX + 1e-4);
  return px === 0 ? Math.sign(rpx) : px;
}

/** Replaces every length in rpx of a piece of CSS. */
export function replaceRpx(css: string): string {
  return css.replace(/(-?(?:\d+\.?\d*|\.\d+))rpx\b/gi, (_, rpx: string) => `${rpxToPx(Number(rpx))}px`);
}
