import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readMiniprogramRoot } from './compiler/project.ts';

/** A page asks twice a second; several pages share an answer. */
const LOOK_EVERY_MS = 400;
/** Nobody edits these while a page is open, and they may hold very many files. */
const LEFT_OUT = /(^|[/\\])(node_modules|miniprogram_npm|\.git|dist)([/\\]|$)/;
const FILES_MAX = 5000;

/**
 * Whether the source of a mini-program changed: somebody looks when somebody asks. No file is watched, since editors replace
 * files, and watchers of replaced files fall silent on some systems.
 */
export class SourceWatch {
  readonly #project: string;
  #version: Promise<string> | undefined;

  constructor(project: string) {
    this.#project = project;
  }

  /** A text that is another one after each change. */
  version(): Promise<string> {
    if (this.#version) return this.#version;
    const looking = look(this.#project);
    this.#version = looking;
    setTimeout(() => {
      this.#version = undefined;
    }, LOOK_EVERY_MS).unref();
    return looking;
  }
}

async function look(project: string): Promise<string> {
  const root = readMiniprogramRoot(project);
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile() && !LEFT_OUT.test(entry.parentPath.slice(root.length)))
    .slice(0, FILES_MAX);
  const times = await Promise.all(files.map(({ parentPath, name }) => modifiedAt(join(parentPath, name))));
  return `${files.length}-${Math.max(0, ...times)}`;
}

async function modifiedAt(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
