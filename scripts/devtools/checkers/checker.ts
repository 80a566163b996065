import { createRequire } from 'node:module';

/** One of the tools that judge a mini-program project. */
export interface Checker {
  readonly name: string;
  /** `project` is the folder of project.config.json. Returns one text a problem, with its file. */
  check(project: string): Promise<readonly string[]>;
}

export const MINIPROGRAM_ROOT = 'miniprogram';

/** The checked tools are installed beside this package, and are CommonJS without types of their own. */
export const requireTool = createRequire(import.meta.url);
