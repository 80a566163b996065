import { chmodSync } from 'node:fs';
import path from 'node:path';
import { type Checker, MINIPROGRAM_ROOT, requireTool } from './checker.ts';
import { miniprogramFiles } from './files.ts';
import { run } from './run.ts';

const FOLDERS: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: 'linux',
  darwin: 'mac',
  win32: 'windows',
};

/** The older framework's compiler for WXML and WXS, as DevTools carries it. */
export const wcc: Checker = {
  name: 'wcc',
  check: (project) =>
    compile('wcc', project, ['-d', '-cc', '0', ...miniprogramFiles(project, '.wxml', '.wxs'), '-gn', '$gwx']),
};

/** The same for WXSS. */
export const wcsc: Checker = {
  name: 'wcsc',
  check: (project) => compile('wcsc', project, ['-db', '-pc', '0', ...miniprogramFiles(project, '.wxss')]),
};

async function compile(name: string, project: string, parameters: readonly string[]): Promise<string[]> {
  const folder = FOLDERS[process.platform];
  if (folder === undefined)
    throw new Error(`${name} exists for Linux, macOS and Windows, not for ${process.platform}`);
  const packageFolder = path.dirname(requireTool.resolve('miniprogram-compiler/package.json'));
  const program = path.join(
    packageFolder,
    'bin',
    folder,
    process.platform === 'win32' ? `${name}.exe` : name,
  );
  // npm unpacks it without the right to run it.
  chmodSync(program, 0o755);
  const { isOk, output } = await run(program, parameters, path.join(project, MINIPROGRAM_ROOT));
  return isOk ? [] : [output.trim().slice(0, 2000)];
}
