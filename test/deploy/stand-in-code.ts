import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import * as v from 'valibot';
import { ENVIRONMENT_ID } from './stand-in-account.ts';

export const filesOf = (zip: Uint8Array): readonly string[] => Object.keys(unzipSync(zip)).toSorted();

type Main = (event: unknown, context: unknown) => Promise<unknown>;

const LOADED = v.object({ main: v.custom<Main>((main) => typeof main === 'function') });

/** Unpacks what was uploaded where no node_modules can help, and requires it as the platform does: `main` of index.js. */
export async function loadMain(zip: Uint8Array): Promise<Main> {
  const folder = await mkdtemp(join(tmpdir(), 'unpacked-'));
  try {
    for (const [name, contents] of Object.entries(unzipSync(zip)))
      await writeFile(join(folder, name), contents);
    return v.parse(LOADED, createRequire(join(folder, 'package.json'))('./index.js')).main;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A call that no client makes: the platform names the environment, and nobody's openid. */
const CONTEXT = { environment: JSON.stringify({ TCB_ENV: ENVIRONMENT_ID }) };

/** Runs it once, with its variables in the environment. */
export async function runFunction(
  {
    zip,
    variables,
  }: { readonly zip: Uint8Array; readonly variables: readonly { Key: string; Value: string }[] },
  event: unknown,
): Promise<unknown> {
  const given = Object.fromEntries(variables.map(({ Key, Value }) => [Key, Value]));
  const before = { ...process.env };
  Object.assign(process.env, given);
  try {
    return await (await loadMain(zip))(event, CONTEXT);
  } finally {
    for (const name of Object.keys(given)) delete process.env[name];
    Object.assign(process.env, before);
  }
}
