import { TmplGroup } from 'glass-easel-template-compiler';
import * as v from 'valibot';
import { isPackage, type ProjectFiles, type Report, resolvePath } from './project.ts';
import { compileWxs, wxsRequires } from './wxs.ts';

/** What the template compiler says about a file; lines and columns count from 0. */
const Warnings = v.array(
  v.looseObject({
    isError: v.boolean(),
    level: v.string(),
    code: v.number(),
    message: v.string(),
    startLine: v.number(),
    startColumn: v.number(),
  }),
);

/** A duplicated attribute, and a prefix that nobody knows: WeChat's own compiler takes both, as it takes uppercase letters. */
const HARMLESS = [65549, 65545];
/** An attribute where none can be: of <block> it does nothing, but a wx:else that follows no wx:if loses what is in it. */
const MISPLACED = 65548;

/** Where the compiled templates let the host wrap what observes a property and what receives an event. */
const LISTENERS = 'Q.A=function(f){return typeof f==="function"?$observe(f):f};Q.C=$call;';

const Paths = v.array(v.string());

/**
 * Compiles the WXML of `components`, with the templates and WXS they draw in, into one JavaScript expression.
 * The compiler repairs an unclosed tag or an orphaned wx:else and only warns, while a phone's compiler fails: in the
 * project's own files such a warning is therefore a problem; what a phone takes as well stays a warning.
 */
export function compileTemplates(files: ProjectFiles, components: readonly string[], report: Report): string {
  const group = TmplGroup.newDev();
  group.setExtraRuntimeScript(LISTENERS);
  try {
    const scripts = new Set<string>();
    const templates = new Set<string>();
    const waiting = [...components];
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      if (templates.has(file)) continue;
      templates.add(file);
      if (!addTemplate(group, files, file, report)) continue;
      waiting.push(...v.parse(Paths, group.getDirectDependencies(file)));
      for (const script of v.parse(Paths, group.getScriptDependencies(file))) {
        addScript({ group, files, script, from: `${file}.wxml`, scripts }, report);
      }
    }
    return group.getTmplGenObjectGroups();
  } finally {
    group.free();
  }
}

function addTemplate(group: TmplGroup, files: ProjectFiles, file: string, report: Report): boolean {
  if (!files.isFile(`${file}.wxml`)) {
    // A phone says so while it runs, and shows the rest.
    report(`${file}.wxml is missing, though another template imports it`, 'warning');
    group.addTmpl(file, '');
    return false;
  }
  const wxml = files.read(`${file}.wxml`);
  const lines = wxml.split('\n');
  const warnings = v.parse(Warnings, group.addTmpl(file, wxml) ?? []);
  for (const { isError, level, code, message, startLine, startColumn } of warnings) {
    if (!isError && isPackage(file)) continue;
    const isCondition = lines[startLine]?.startsWith('wx:el', startColumn);
    const isHarmless = level === 'Note' || HARMLESS.includes(code) || (code === MISPLACED && !isCondition);
    report(`${file}.wxml:${startLine + 1}:${startColumn + 1} ${message}`, isHarmless ? 'warning' : undefined);
  }
  for (const name of v.parse(Paths, group.getInlineScriptModuleNames(file))) {
    const source = group.getInlineScript(file, name);
    group.setInlineScript(file, name, compileWxs(`${file}.wxml <wxs module="${name}">`, source, report));
  }
  return true;
}

function addScript(
  {
    group,
    files,
    script,
    from,
    scripts,
  }: {
    group: TmplGroup;
    files: ProjectFiles;
    script: string;
    from: string;
    scripts: Set<string>;
  },
  report: Report,
): void {
  const name = script.replace(/\.wxs$/, '');
  if (scripts.has(name)) return;
  scripts.add(name);
  const file = `${name}.wxs`;
  if (!files.isFile(file)) {
    report(`${from}: ${file} is missing`);
    return;
  }
  const source = files.read(file);
  const code = compileWxs(file, source, report);
  // A template names a script without its extension, another script names it as it is written: it has both names.
  group.addScript(name, code);
  group.addScript(file, code);
  for (const reference of wxsRequires(source)) {
    addScript({ group, files, script: resolvePath(reference, file), from: file, scripts }, report);
  }
}
