import { execFile } from 'node:child_process';

/** The slowest of them takes seconds; a tool that hangs is a problem too. */
const TOOL_TIMEOUT_MS = 120_000;
const OUTPUT_MAX_BYTES = 64 * 1024 * 1024;

export interface Ran {
  readonly isOk: boolean;
  readonly output: string;
}

/** Runs a program to its end; never rejects. `output` is both of its streams. */
export function run(program: string, parameters: readonly string[], folder: string): Promise<Ran> {
  return new Promise((resolve) => {
    const limits = { cwd: folder, timeout: TOOL_TIMEOUT_MS, maxBuffer: OUTPUT_MAX_BYTES };
    execFile(program, parameters, limits, (error, stdout, stderr) => {
      resolve({ isOk: error === null, output: `${stdout}${stderr}` || String(error ?? '') });
    });
  });
}
