import { parseSync } from 'oxc-parser';
import type { Report } from './project.ts';

/** WXS is ECMAScript 5 without `new`, `try`, `throw` and `class`; the phone's compiler refuses these. */
const REFUSED: Readonly<Record<string, string>> = {
  ArrowFunctionExpression: 'an arrow function',
  TemplateLiteral: 'a template literal',
  ClassDeclaration: 'a class',
  ClassExpression: 'a class',
  SpreadElement: 'a spread',
  RestElement: 'a rest parameter',
  ObjectPattern: 'destructuring',
  ArrayPattern: 'destructuring',
  AssignmentPattern: 'a default value',
  ForOfStatement: 'for…of',
  ImportDeclaration: 'import',
  ExportNamedDeclaration: 'export',
  ExportDefaultDeclaration: 'export',
  AwaitExpression: 'await',
  YieldExpression: 'yield',
  NewExpression: 'new',
  TryStatement: 'try',
  ThrowStatement: 'throw',
};

/** The name under which the runtime hands the function below to WXS code. */
export const CONSTRUCTOR_NAME = '$constructorName';

interface Edit {
  readonly at: number;
  readonly until: number;
  readonly text: string;
}

/**
 * Makes WXS into the JavaScript that the template runtime can run. In WXS `x.constructor` is the name of x's type, so
 * `x.constructor === 'Array'` must be true: it becomes a call of `$constructorName`.
 */
export function compileWxs(file: string, source: string, report: Report): string {
  const { program, errors } = parseSync('script.js', source, { sourceType: 'script' });
  for (const error of errors) report(`${file}${place(source, error.labels[0]?.start)} ${error.message}`);
  if (errors.length > 0) return '';
  const edits: Edit[] = [];
  visit(program, (node) => {
    const refused = refusedIn(node);
    if (refused) report(`${file}${place(source, node.start)} WXS cannot have ${refused}`, severityOf(node));
    edits.push(...constructorEdits(node));
  });
  return applyEdits(source, edits);
}

/** The paths of `require('…')` in WXS, as they are written. */
export function wxsRequires(source: string): string[] {
  return [...source.matchAll(/\brequire\(\s*["']([^"']+)["']\s*\)/g)].flatMap(([, path]) =>
    path ? [path] : [],
  );
}

interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value && 'end' in value;
}

function visit(value: unknown, found: (node: SyntaxNode) => void): void {
  if (Array.isArray(value)) for (const item of value) visit(item, found);
  else if (isNode(value)) {
    found(value);
    for (const field of Object.values(value)) visit(field, found);
  }
}

function refusedIn(node: SyntaxNode): string | undefined {
  if ('regex' in node) return 'a regular expression literal (use getRegExp)';
  if (node.type === 'VariableDeclaration' && node.kind !== 'var') return String(node.kind);
  return REFUSED[node.type];
}

/** Default values are not in its grammar, and phones take them: packages that everybody uses have some. */
function severityOf({ type }: SyntaxNode): 'warning' | undefined {
  return type === 'AssignmentPattern' ? 'warning' : undefined;
}

function constructorEdits(node: SyntaxNode): Edit[] {
  const { object, property } = node;
  const isConstructor =
    node.type === 'MemberExpression' && isNode(object) && isNode(property) && property.name === 'constructor';
  if (!isConstructor || node.computed) return [];
  return [
    { at: object.start, until: object.start, text: `${CONSTRUCTOR_NAME}(` },
    { at: object.end, until: node.end, text: ')' },
  ];
}

function applyEdits(source: string, edits: readonly Edit[]): string {
  let result = source;
  for (const { at, until, text } of [...edits].sort((a, b) => b.at - a.at)) {
    result = result.slice(0, at) + text + result.slice(until);
  }
  return result;
}

function place(source: string, offset = 0): string {
  const lines = source.slice(0, offset).split('\n');
  return `:${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`;
}
