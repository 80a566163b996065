/** Pictures for whoever has none at hand: the same ones each time, so that a test knows what it gets. */
const SIZES = [
  [800, 600],
  [600, 800],
  [640, 640],
] as const;
export const SAMPLES = 9;

/** Draws a sample picture: its number, its size, a color of its own. */
export async function samplePicture(number: number): Promise<Uint8Array<ArrayBuffer>> {
  const [width, height] = SIZES[number % SIZES.length] ?? SIZES[0];
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d');
  if (!context) throw new Error('the browser draws no pictures');
  context.fillStyle = `hsl(${number * 40} 55% 62%)`;
  context.fillRect(0, 0, width, height);
  context.fillStyle = `hsl(${number * 40 + 30} 60% 45%)`;
  context.fillRect(0, height * 0.65, width, height * 0.35);
  context.fillStyle = '#fff';
  context.font = `bold ${height / 3}px sans-serif`;
  context.textAlign = 'center';
  context.fillText(String(number + 1), width / 2, height / 2);
  context.font = `${height / 16}px sans-serif`;
  context.fillText(`${width} × ${height}`, width / 2, height * 0.9);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('the browser keeps no pictures');
  return new Uint8Array(await blob.arrayBuffer());
}
