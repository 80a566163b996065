import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { collections, type FunctionManifest, functions } from '../manifest.ts';
import type { LocalCollection } from './cloud/access.ts';
import type { Cloud } from './cloud/cloud.ts';
import { parseDocument } from './cloud/database/extended-json.ts';
import type { Document } from './cloud/database/value.ts';

/** What is in a world's environment: this shop, or another project. */
export interface Deployed {
  /** Holds `<name>/index.js` for each function. */
  readonly functionsDirectory: string;
  readonly functions: readonly FunctionManifest[];
  readonly collections: readonly LocalCollection[];
  /** First documents by collection, put in only where their `_id` is missing. */
  readonly documents: Readonly<Record<string, readonly Document[]>>;
  /** Environment variables; a function gets those that its manifest entry names. */
  readonly variables: Readonly<Record<string, string>>;
}

const FUNCTIONS_DIRECTORY = fileURLToPath(new URL('../../dist/cloudfunctions', import.meta.url));

/** This shop, as the deployment would make it. */
export async function ownShop(functionsDirectory = FUNCTIONS_DIRECTORY): Promise<Deployed> {
  const documents: Record<string, readonly Document[]> = {};
  for (const { name, seed } of collections) {
    if (seed === undefined) continue;
    documents[name] = firstDocuments(
      JSON.parse(await readFile(new URL(`../${seed}`, import.meta.url), 'utf8')),
    );
  }
  return { functionsDirectory, functions, collections, documents, variables: {} };
}

/** Creates the collections, and puts in first documents where they are missing. */
export async function fill(cloud: Cloud, deployed: Deployed): Promise<void> {
  await cloud.declare(deployed.collections);
  for (const [name, documents] of Object.entries(deployed.documents))
    for (const document of documents) await cloud.insert(name, document);
}

/**
 * Documents as a file of JSON has them; a date is `{"$date": …}`.
 * @throws ValiError when it is no list of objects
 */
export function firstDocuments(content: unknown): Document[] {
  const documents = v.parse(v.array(v.record(v.string(), v.unknown())), content);
  return documents.map((document) => parseDocument(JSON.stringify(document), new Date(0)));
}
