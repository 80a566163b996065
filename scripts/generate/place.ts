import type { Generated } from './generated.ts';

/**
 * The file as it should be: all of it generated, or its region replaced and the rest left as it is. A region stands
 * between `<!-- generated NAME: npm run generate -->` and `<!-- end of NAME -->`, each on a line of its own.
 * @param current what the file holds now; undefined where there is none
 * @throws Error where the file does not have the region exactly once
 */
export function place(current: string | undefined, { path, region, text }: Generated): string {
  if (region === undefined) return text;
  const [begin, end] = [beginOf(region), endOf(region)];
  const [before, after, ...more] = (current ?? '').split(`${begin}\n`);
  const [, rest, ...others] = (after ?? '').split(`${end}\n`);
  if (before === undefined || rest === undefined || more.length > 0 || others.length > 0)
    throw new Error(
      `${path} needs the region ${region} once: a line "${begin}" and below it a line "${end}".`,
    );
  return `${before}${begin}\n\n${text.trim()}\n\n${end}\n${rest}`;
}

const beginOf = (region: string): string => `<!-- generated ${region}: npm run generate -->`;
const endOf = (region: string): string => `<!-- end of ${region} -->`;
