import postcss, { type Declaration, type Root, type Rule } from 'postcss';
import selectorParser from 'postcss-selector-parser';
import { ELEMENT_NAMES } from '../element-names.ts';
import { isPackage, type ProjectFiles, type Report, resolvePath } from './project.ts';

/** Where a style sheet's rules may reach. */
export type Reach =
  | { readonly kind: 'app' }
  | { readonly kind: 'page'; readonly route: string }
  /** `scope` is absent when the component shares its styles with everyone. */
  | { readonly kind: 'component'; readonly scope: string | undefined };

/**
 * The style sheet of one page or component as the browser can use it, with rpx as they are: the screen is the browser's. All pages live in one document, so a page's
 * rules are wrapped in `@scope`; a component's class names get its scope in front, as the template runtime writes them.
 */
export function compileStyles(files: ProjectFiles, file: string, reach: Reach, report: Report): string {
  const root = readStyles(files, file, [], report);
  const scope = reach.kind === 'component' ? reach.scope : undefined;
  root.walkDecls((declaration) => compileDeclaration(declaration, file, report));
  root.walkRules((rule) => compileRule(rule, { file, scope }, report));
  return reach.kind === 'page' ? scopeToPage(root, reach.route) : root.toString();
}

/** Reads a style sheet with its imports in their place. */
function readStyles(files: ProjectFiles, file: string, from: readonly string[], report: Report): Root {
  const root = parseStyles(files.read(file), file, report);
  root.walkAtRules('import', (rule) => {
    const [, reference] = rule.params.match(/^(?:url\()?\s*["']?([^"')]+)["']?\s*\)?$/) ?? [];
    const target = reference === undefined ? undefined : resolvePath(reference, file);
    if (!target || !files.isFile(target)) {
      report(`${file}:${rule.source?.start?.line ?? 1} the style sheet of @import ${rule.params} is missing`);
      rule.remove();
    } else if (from.includes(target) || target === file) rule.remove();
    else rule.replaceWith(readStyles(files, target, [...from, file], report).nodes);
  });
  return root;
}

function parseStyles(source: string, file: string, report: Report): Root {
  try {
    return postcss.parse(withSemicolons(source));
  } catch (error) {
    const at =
      error instanceof postcss.CssSyntaxError
        ? `:${error.line}:${error.column} ${error.reason}`
        : ` ${error}`;
    report(`${file}${at}`);
    return postcss.root();
  }
}

/** WeChat's compiler takes an @import that ends with its line. */
function withSemicolons(source: string): string {
  return source.replace(/(@import\s+(?:"[^"\n]*"|'[^'\n]*'))[ \t]*(?=\r?\n|$)/g, '$1;');
}

/** Lengths of the screen become lengths of the page's box, which is the screen that the mini-program knows. */
function compileDeclaration(declaration: Declaration, file: string, report: Report): void {
  const [, local] = declaration.value.match(/url\(\s*["']?(?!data:|https?:|\/\/|#)([^"')]+)/) ?? [];
  if (local && !isPackage(file)) {
    report(`${file}: a phone does not load ${local} from WXSS; use <image>, or a data: or https: address`);
  }
  declaration.value = declaration.value
    .replace(/(\d)v([wh])\b/g, '$1cq$2')
    .replace(/\benv\(\s*safe-area-inset-/g, 'var(--safe-area-inset-');
}

function compileRule(
  rule: Rule,
  { file, scope }: { file: string; scope: string | undefined },
  report: Report,
): void {
  const { parent } = rule;
  if (parent?.type === 'atrule' && 'name' in parent && /keyframes$/.test(parent.name)) return;
  const line = rule.source?.start?.line ?? 1;
  rule.selector = selectorParser((selectors) => {
    if (scope && !isPackage(file)) {
      for (const selector of unfitForComponents(selectors)) {
        report(`${file}:${line} a component's styles use classes only, not ${selector}`, 'warning');
      }
    }
    selectors.walkTags((tag) => {
      if (tag.value === 'page' || ELEMENT_NAMES.has(tag.value)) tag.value = `wx-${tag.value}`;
    });
    if (scope) {
      selectors.walkClasses((name) => {
        name.value = `${scope}--${name.value}`;
      });
    }
    selectors.walkPseudos((pseudo) => {
      if (pseudo.value === ':host')
        pseudo.replaceWith(selectorParser.tag({ value: `[wx-host="${scope ?? ''}"]` }));
    });
  }).processSync(rule.selector);
}

/** Tags, ids and attributes reach beyond the component; DevTools warns of them. */
function unfitForComponents(selectors: selectorParser.Root): string[] {
  const unfit: string[] = [];
  selectors.walkTags((tag) => {
    if (tag.parent?.parent?.type !== 'pseudo') unfit.push(`<${tag.value}>`);
  });
  selectors.walkIds((id) => {
    unfit.push(`#${id.value}`);
  });
  selectors.walkAttributes((attribute) => {
    unfit.push(attribute.toString());
  });
  return unfit;
}

/** @keyframes and @font-face do nothing inside @scope, so they stay outside. */
function scopeToPage(root: Root, route: string): string {
  const outside = postcss.root();
  const inside = postcss.atRule({ name: 'scope', params: `([data-route="${route}"])`, nodes: [] });
  for (const node of [...root.nodes]) {
    const isGlobal = node.type === 'atrule' && /keyframes$|^font-face$/.test(node.name);
    (isGlobal ? outside : inside).append(node);
  }
  outside.append(inside);
  return outside.toString();
}
