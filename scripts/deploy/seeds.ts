import { join } from 'node:path';
import * as v from 'valibot';
import { checkProducts, PRODUCTS } from './check/catalogue.ts';
import { checkChannels } from './check/channel.ts';
import { type Finding, problemOf } from './check/finding.ts';
import type { Seeds, StoredDocument } from './cloud/state.ts';
import type { Manifest } from './compare/wanted.ts';
import { DeployError } from './errors.ts';
import { readText } from './machine.ts';

/** The first documents of each collection that has some, from the files that the manifest names. */
async function readSeeds({ collections }: Manifest, root: string): Promise<Seeds> {
  const seeded = collections.flatMap(({ name, seed }) => (seed ? [{ name, seed }] : []));
  const files = seeded.map(
    async ({ name, seed }) => [name, await readSeed(root, join('scripts', seed))] as const,
  );
  return new Map(await Promise.all(files));
}

/** The first documents, and what is wrong with them; one file that cannot be read is a finding like any other. */
export async function readFirstDocuments(
  manifest: Manifest,
  root: string,
): Promise<{ readonly seeds: Seeds; readonly findings: readonly Finding[] }> {
  try {
    const seeds = await readSeeds(manifest, root);
    return { seeds, findings: checkSeeds(manifest, seeds) };
  } catch (error) {
    if (!(error instanceof DeployError)) throw error;
    return { seeds: new Map(), findings: [problemOf('first documents', error)] };
  }
}

/** What is wrong with the first documents, which nobody has put into the database yet. */
const checkSeeds = ({ collections }: Manifest, seeds: Seeds): readonly Finding[] =>
  collections.flatMap(({ name, seed }) =>
    seed && name === PRODUCTS ? checkProducts(seeds.get(name) ?? [], join('scripts', seed)) : [],
  );

/** What its owner still has to decide of the first products. The rest is deployed without it. */
export const checkDecisions = ({ collections }: Manifest, seeds: Seeds): readonly Finding[] =>
  collections.flatMap(({ name, seed }) =>
    seed && name === PRODUCTS ? checkChannels(seeds.get(name) ?? [], join('scripts', seed)) : [],
  );

const SEED = v.pipe(v.string(), v.parseJson(), v.array(v.looseObject({ _id: v.string() })));

async function readSeed(root: string, path: string): Promise<readonly StoredDocument[]> {
  const parsed = v.safeParse(SEED, await readText(root, path));
  if (parsed.success) return parsed.output;
  throw new DeployError('SEED_UNREADABLE', `${path} is not a JSON list of documents, each with an _id`, {
    wayOut: 'Compare it with the one in the repository',
  });
}
