import vm from 'node:vm';
import { strFromU8, unzipSync } from 'fflate';
import * as v from 'valibot';

export const filesOf = (zip: Uint8Array): readonly string[] => Object.keys(unzipSync(zip)).toSorted();

const LOADED = v.object({
  main: v.custom<(event: unknown) => Promise<unknown>>((main) => typeof main === 'function'),
});

/** Runs what was uploaded: `main` of index.js at the root of the zip, with this event. */
export async function runFunction(zip: Uint8Array, event: unknown): Promise<unknown> {
  const code = unzipSync(zip)['index.js'];
  if (!code) throw new Error('no index.js at the root of the zip');
  const loaded = { exports: {} };
  vm.runInThisContext(`(module, exports) => {${strFromU8(code)}\n}`)(loaded, loaded.exports);
  return v.parse(LOADED, loaded.exports).main(event);
}
