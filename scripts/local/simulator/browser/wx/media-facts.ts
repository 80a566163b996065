/** How large a picture is drawn; undefined for what is none. */
export function pictureSize(url: string): Promise<{ width: number; height: number } | undefined> {
  const picture = new Image();
  return new Promise((resolve) => {
    picture.onload = () => resolve({ width: picture.naturalWidth, height: picture.naturalHeight });
    picture.onerror = () => resolve(undefined);
    picture.src = url;
  });
}

/** Of a video; undefined for what the browser cannot play. */
export function videoFacts(
  url: string,
): Promise<{ width: number; height: number; duration: number } | undefined> {
  const video = document.createElement('video');
  video.preload = 'metadata';
  return new Promise((resolve) => {
    video.onloadedmetadata = () =>
      resolve({ width: video.videoWidth, height: video.videoHeight, duration: video.duration });
    video.onerror = () => resolve(undefined);
    video.src = url;
  });
}

const SIGNATURES: readonly (readonly [type: string, bytes: readonly number[]])[] = [
  ['png', [0x89, 0x50, 0x4e, 0x47]],
  ['jpeg', [0xff, 0xd8, 0xff]],
  ['gif', [0x47, 0x49, 0x46]],
  ['tiff', [0x49, 0x49, 0x2a, 0]],
  ['tiff', [0x4d, 0x4d, 0, 0x2a]],
];

/** As WeChat names it, by how the file begins. */
export function pictureType(bytes: Uint8Array | undefined): string {
  const found = SIGNATURES.find(([, start]) => start.every((byte, at) => bytes?.[at] === byte));
  return found?.[0] ?? 'unknown';
}
