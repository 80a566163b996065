import type { Program } from '../wire.ts';
import { readApp } from './app.ts';
import { readComponents } from './components.ts';
import { compileModules, type ModuleCache } from './modules.ts';
import { openProject, type ProjectFiles, type Report } from './project.ts';
import { compileStyles } from './styles.ts';
import { compileTemplates } from './templates.ts';

export type Compilation =
  | { readonly kind: 'program'; readonly program: Program }
  /** Everything that was found, each with its file in front. */
  | { readonly kind: 'errors'; readonly errors: readonly string[] };

/**
 * Compiles the native mini-program whose project.config.json is in `directory`. Whatever a phone would
 * stumble over is an error: what does not parse, and every page, component, module, style sheet and script that is named and
 * not there. What only DevTools warns of is a warning of the program.
 */
export async function compileProject(
  directory: string,
  cache: ModuleCache = new Map(),
): Promise<Compilation> {
  const errors: string[] = [];
  const warnings: string[] = [];
  const report: Report = (problem, severity) => {
    const list = severity === 'warning' ? warnings : errors;
    if (!list.includes(problem)) list.push(problem);
  };
  const files = openProject(directory, report);
  const compiled = files && (await compileFiles(files, cache, report));
  const program = compiled && { ...compiled, warnings };
  return program && errors.length === 0 ? { kind: 'program', program } : { kind: 'errors', errors };
}

async function compileFiles(
  files: ProjectFiles,
  cache: ModuleCache,
  report: Report,
): Promise<Omit<Program, 'warnings'> | undefined> {
  const read = readApp(files, report);
  if (!read) return undefined;
  const { app, usingComponents } = read;
  const components = readComponents(
    files,
    { pages: app.pages, shared: usingComponents, extra: app.tabBar?.custom ? ['custom-tab-bar/index'] : [] },
    report,
  );
  const appScript = ['app.ts', 'app.js'].find((candidate) => files.isFile(candidate));
  if (!appScript) {
    report('app.ts is missing');
    return undefined;
  }
  const styles: Record<string, string> = {};
  if (files.isFile('app.wxss')) styles.app = compileStyles(files, 'app.wxss', { kind: 'app' }, report);
  for (const [file, { isPage, scope }] of components) {
    if (!files.isFile(`${file}.wxss`)) {
      nameUncompiled(files, file, report);
      continue;
    }
    const reach = isPage ? ({ kind: 'page', route: file } as const) : ({ kind: 'component', scope } as const);
    styles[file] = compileStyles(files, `${file}.wxss`, reach, report);
  }
  const entries = [appScript, ...[...components.values()].map(({ script }) => script)];
  return {
    appid: files.appid,
    app,
    appScript,
    components: Object.fromEntries(components),
    styles,
    templates: compileTemplates(files, [...components.keys()], report),
    modules: await compileModules(files, { entries, cache }, report),
  };
}

/** DevTools has plugins for these; here a page without them is shown without its styles. */
function nameUncompiled(files: ProjectFiles, file: string, report: Report): void {
  for (const extension of ['less', 'scss', 'sass']) {
    const source = `${file}.${extension}`;
    if (files.isFile(source))
      report(`${source} is not compiled here: put its ${file}.wxss beside it`, 'warning');
  }
}
