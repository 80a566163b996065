import type { ReadPackage } from './file-operations.ts';

/**
 * Reads the mini-program's own pictures, fonts and sounds. The forms that end in Sync have to answer at once, so this asks
 * at once; everything comes from this machine.
 */
export function createReadPackage(assetUrl: (src: string) => string): ReadPackage {
  return (path) => {
    const request = new XMLHttpRequest();
    request.open('GET', assetUrl(path.startsWith('/') ? path : `/${path}`), false);
    // Byte for byte: a request that blocks may not answer bytes otherwise.
    request.overrideMimeType('text/plain; charset=x-user-defined');
    try {
      request.send();
    } catch {
      return undefined;
    }
    if (request.status !== 200) return undefined;
    return Uint8Array.from(request.responseText, (character) => character.charCodeAt(0) & 0xff);
  };
}
