import { existsSync } from 'node:fs';
import * as v from 'valibot';
import { watchFolders } from '../local/folder-watch.ts';
import { type ForeignProject, isForeign, readForeignProject, WORLD_FILE } from '../local/foreign-project.ts';
import type { LocalWorld } from '../local/local-world.ts';
import type { StartOptions } from './options.ts';

/**
 * The project that `--project` names; undefined where it is this one.
 * @throws ProjectError when it cannot be run
 */
export function openForeign({ project, collections }: StartOptions): ForeignProject | undefined {
  return isForeign(project) ? readForeignProject(project, collections) : undefined;
}

/** Loads a function again when something of it is saved, and says which collections are asked for and not there. */
export function accompany(
  world: LocalWorld,
  { functionsDirectory, functions }: ForeignProject,
  report: (line: string) => void,
): void {
  tellOfCollections(world, report);
  if (!existsSync(functionsDirectory)) return;
  watchFolders(functionsDirectory, async (names) => {
    for (const name of names) {
      if (!functions.some((known) => known.name === name)) {
        report(`${name} is new: start again to run it`);
        continue;
      }
      await world.host.restart(name);
      report(`${name} was saved: its next call runs it as it is now`);
    }
  });
}

const Missing = v.object({ code: v.literal('DATABASE_COLLECTION_NOT_EXIST') });

function tellOfCollections({ trace }: LocalWorld, report: (line: string) => void): void {
  const told = new Set<string>();
  trace.subscribe(({ from, label, payload }) => {
    const collection = label.split(' ')[1];
    if (from !== 'database' || collection === undefined || told.has(collection)) return;
    if (!v.is(Missing, payload)) return;
    told.add(collection);
    report(
      `There is no collection ${collection}: --collections ${collection}, or ${WORLD_FILE} of the project`,
    );
  });
}
