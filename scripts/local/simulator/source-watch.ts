import { lookAt } from '../folder-look.ts';
import { readMiniprogramRoot } from './compiler/project.ts';

/** A page asks twice a second; several pages share an answer. */
const LOOK_EVERY_MS = 400;

/** Whether the source of a mini-program changed: somebody looks when a page asks, and nobody while no page is open. */
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
  const times = await lookAt(readMiniprogramRoot(project), ['dist']);
  return `${times.size}-${Math.max(0, ...times.values())}`;
}
