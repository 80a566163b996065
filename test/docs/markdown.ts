import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Every Markdown file of the project, from its root. */
export const MARKDOWN: readonly string[] = filesBelow('').filter((file) => file.endsWith('.md'));

const CHINESE = /\.zh-CN\.md$/;

/** What is written for readers, in both languages: the README and everything in docs/. */
export const PAGES = {
  en: MARKDOWN.filter((file) => isPage(file) && !CHINESE.test(file)),
  zh: MARKDOWN.filter((file) => isPage(file) && CHINESE.test(file)),
} as const;

export const LANGUAGES = ['en', 'zh'] as const;

/** The page that says the same in Chinese. */
export function chineseOf(file: string): string {
  return file.replace(/\.md$/, '.zh-CN.md');
}

export function read(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8');
}

/** All pages of one language as one text. */
export function textOf(language: keyof typeof PAGES): string {
  return PAGES[language].map(read).join('\n');
}

/** The cells of every row of every table, its head included and the line below it left out. */
export function rowsOf(markdown: string): string[][] {
  return [...withoutCode(markdown).matchAll(/^\|(.*)\|$/gm)]
    .map(([, row = '']) => row.split('|').map((cell) => cell.trim()))
    .filter((cells) => !cells.every((cell) => cell === '---'));
}

/** What is between backticks, in its order; blocks of code are left out. */
export function spansOf(markdown: string): string[] {
  return [...withoutCode(markdown).matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
}

/** Where links and pictures lead, as written; blocks of code are left out. */
export function linksOf(markdown: string): string[] {
  return [...withoutCode(markdown).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
}

export interface Section {
  /** 1 for the title. */
  readonly level: number;
  readonly text: string;
}

export function sectionsOf(markdown: string): Section[] {
  return withoutCode(markdown)
    .split(/^(?=#+ )/m)
    .filter((text) => text.startsWith('#'))
    .map((text) => ({ level: text.indexOf(' '), text }));
}

/** The name by which a link reaches each heading, as GitHub makes it. */
export function anchorsOf(markdown: string): string[] {
  return sectionsOf(markdown).map(({ level, text }) => {
    const [heading = ''] = text.slice(level + 1).split('\n');
    return heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
  });
}

function withoutCode(markdown: string): string {
  return markdown.replaceAll(/^```[\s\S]*?^```$/gm, '');
}

function isPage(file: string): boolean {
  return /^(README[.\w-]*|docs\/.*)\.md$/.test(file);
}

function filesBelow(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const below = path.posix.join(folder, entry.name);
    if (entry.name.startsWith('.') || ['node_modules', 'dist'].includes(entry.name)) return [];
    return entry.isDirectory() ? filesBelow(below) : [below];
  });
}
