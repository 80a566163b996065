import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Checker, MINIPROGRAM_ROOT, requireTool } from './checker.ts';
import { miniprogramFiles } from './files.ts';

type Settings = Record<string, unknown>;

/** What the compilers let pass: fields that nobody reads, files that are named and missing. */
export const declared: Checker = {
  name: 'declared',
  async check(project) {
    const root = path.join(project, MINIPROGRAM_ROOT);
    const app = settingsIn(path.join(root, 'app.json'));
    const named = [app.sitemapLocation, app.themeLocation].filter((file) => typeof file === 'string');
    const parts = miniprogramFiles(project, '.json').filter((file) =>
      existsSync(path.join(root, file.replace(/json$/, 'wxml'))),
    );
    return [
      ...unknownFields('app.json', app, 'app'),
      ...parts.flatMap((file) => unknownFields(file, settingsIn(path.join(root, file)), 'page')),
      ...unknownFields(
        'project.config.json',
        settingsIn(path.join(project, 'project.config.json')),
        'projectconfig',
      ),
      ...named
        .filter((file) => !existsSync(path.join(root, file)))
        .map((file) => `app.json names ${file}, which is missing`),
    ];
  },
};

/** Undefined JSON is for the compiler to report, with its place. */
function settingsIn(file: string): Settings {
  try {
    const settings: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof settings === 'object' && settings !== null ? { ...settings } : {};
  } catch {
    return {};
  }
}

function unknownFields(file: string, settings: Settings, schema: 'app' | 'page' | 'projectconfig'): string[] {
  const { properties }: { properties: Settings } = requireTool(
    `miniprogram-ci/dist/schema/dist/${schema}.js`,
  );
  return Object.keys(settings)
    .filter((field) => !(field in properties))
    .map((field) => `${file}: there is no field called ${field}`);
}
