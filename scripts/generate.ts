import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { GENERATED } from './generate/generated.ts';
import { place } from './generate/place.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

// One after the other: a file may have several regions.
for (const generated of GENERATED) {
  const file = path.join(ROOT, generated.path);
  const current = await readFile(file, 'utf8').catch(() => undefined);
  const wanted = place(current, generated);
  if (current !== wanted) await writeFile(file, wanted);
  console.log(
    `${current === wanted ? 'as it was' : 'written  '}  ${generated.path} ${generated.region ?? ''}`.trimEnd(),
  );
}
