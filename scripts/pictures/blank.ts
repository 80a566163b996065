/** A screen of one colour needs a hundredth of a byte for each of its pixels, one with words on it ten times as much. */
const BYTES_PER_PIXEL_MIN = 0.03;

/** Whether a PNG shows as good as nothing. */
export function isBlank(png: Buffer): boolean {
  const { width, height } = sizeOf(png);
  return png.length < width * height * BYTES_PER_PIXEL_MIN;
}

/** As the first chunk of a PNG has it (https://www.w3.org/TR/png-3/#11IHDR). */
function sizeOf(png: Buffer): { readonly width: number; readonly height: number } {
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20) };
}
