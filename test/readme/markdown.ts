import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The same text in two languages. */
export const READMES = ['README.md', 'README.zh-CN.md'] as const;

export function read(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8');
}

/** The cells of every row of every table. */
export function rowsOf(markdown: string): string[][] {
  return [...markdown.matchAll(/^\| (.*) \|$/gm)].map(([, row = '']) => row.split(' | '));
}

/** What stands between backticks, in its order; blocks of code are left out. */
export function spansOf(markdown: string): string[] {
  const prose = markdown.replaceAll(/```[\s\S]*?```/g, '');
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
}

export interface Section {
  /** 1 for the title. */
  readonly level: number;
  readonly text: string;
}

export function sectionsOf(markdown: string): Section[] {
  const code = /```[\s\S]*?```/g;
  return markdown
    .replaceAll(code, (block) => block.replaceAll(/^#/gm, ' #'))
    .split(/^(?=#+ )/m)
    .filter((text) => text.startsWith('#'))
    .map((text) => ({ level: text.indexOf(' '), text }));
}
