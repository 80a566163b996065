import path from 'node:path';
import * as v from 'valibot';
import type { AppConfig } from '../wire.ts';
import type { ProjectFiles, Report } from './project.ts';

const SubPackage = v.looseObject({ root: v.string(), pages: v.array(v.string()) });

const TabBar = v.looseObject({
  custom: v.optional(v.boolean(), false),
  color: v.optional(v.string(), '#888888'),
  selectedColor: v.optional(v.string(), '#07c160'),
  backgroundColor: v.optional(v.string(), '#ffffff'),
  list: v.pipe(
    v.array(
      v.looseObject({
        pagePath: v.string(),
        text: v.optional(v.string(), ''),
        iconPath: v.optional(v.string()),
        selectedIconPath: v.optional(v.string()),
      }),
    ),
    v.minLength(2, 'a tabBar has 2 to 5 tabs'),
    v.maxLength(5, 'a tabBar has 2 to 5 tabs'),
  ),
});

const AppJson = v.looseObject({
  pages: v.pipe(v.array(v.string()), v.minLength(1, 'names at least one page')),
  entryPagePath: v.optional(v.string()),
  window: v.optional(v.record(v.string(), v.unknown()), {}),
  tabBar: v.optional(TabBar),
  usingComponents: v.optional(v.record(v.string(), v.string()), {}),
  subPackages: v.optional(v.array(SubPackage)),
  subpackages: v.optional(v.array(SubPackage)),
  darkmode: v.optional(v.boolean(), false),
  __usePrivacyCheck__: v.optional(v.boolean(), false),
  themeLocation: v.optional(v.string()),
});

const Theme = v.object({
  light: v.record(v.string(), v.string()),
  dark: v.record(v.string(), v.string()),
});

/** app.json with every subpackage's pages in `pages`, and the components that every page may use. */
export function readApp(
  files: ProjectFiles,
  report: Report,
): { app: AppConfig; usingComponents: Readonly<Record<string, string>> } | undefined {
  const json = files.json('app.json', AppJson);
  if (!json) return undefined;
  const packages = [...(json.subPackages ?? []), ...(json.subpackages ?? [])];
  const pages = [
    ...json.pages,
    ...packages.flatMap(({ root, pages }) => pages.map((page) => path.posix.join(root, page))),
  ].map((page) => page.replace(/^\//, ''));
  const { tabBar } = json;
  const theme = (json.themeLocation && files.json(json.themeLocation, Theme)) || { light: {}, dark: {} };
  for (const tab of tabBar?.list ?? []) checkTab(tab, { pages, theme, files, report });
  return {
    app: {
      pages,
      entryPagePath: json.entryPagePath ?? pages[0] ?? '',
      window: json.window,
      ...(tabBar && { tabBar }),
      darkmode: json.darkmode,
      usesPrivacyCheck: json.__usePrivacyCheck__,
      theme,
    },
    usingComponents: json.usingComponents,
  };
}

function checkTab(
  tab: v.InferOutput<typeof TabBar>['list'][number],
  {
    pages,
    theme,
    files,
    report,
  }: { pages: readonly string[]; theme: AppConfig['theme']; files: ProjectFiles; report: Report },
): void {
  if (!pages.includes(tab.pagePath)) report(`app.json: the tab ${tab.pagePath} is not in pages`);
  for (const icon of [tab.iconPath, tab.selectedIconPath]) {
    for (const file of icon ? inThemes(icon, theme) : []) {
      if (!files.isFile(file.replace(/^\//, ''))) report(`app.json: the tab's icon ${file} is missing`);
    }
  }
}

/** `@name` is what theme.json has under that name, in the light and in the dark. */
function inThemes(value: string, theme: AppConfig['theme']): string[] {
  if (!value.startsWith('@')) return [value];
  const name = value.slice(1);
  return [theme.light[name] ?? value, theme.dark[name] ?? value];
}
