import { onOneLine } from '../print.ts';
import type { Row } from './row.ts';

/** Wider cells are cut where they agree; where they differ, every word may be the one that matters. */
const CELL_CHARACTERS_MAX = 60;

/** Wanted and found side by side, the differences marked. */
export function renderRows(rows: readonly Row[]): string {
  return renderTable(
    ['', 'what', 'wanted', 'found'],
    rows.map(({ subject, aspect, wanted, found, step }) =>
      step
        ? ['!=', `${subject} ${aspect}`, wanted, found]
        : ['ok', `${subject} ${aspect}`, cut(wanted), cut(found)],
    ),
  );
}

/** Columns as wide as their widest cell, the last one left open. */
export function renderTable(head: readonly string[], cells: readonly (readonly string[])[]): string {
  const lines = cells.map((line) => line.map(onOneLine));
  const widths = head.map((title, column) =>
    Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)),
  );
  const render = (line: readonly string[]) =>
    line
      .map((cell, column) => (column === line.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [head, widths.map((width) => '-'.repeat(width)), ...lines].map(render).join('\n');
}

const cut = (text: string): string =>
  text.length > CELL_CHARACTERS_MAX ? `${text.slice(0, CELL_CHARACTERS_MAX - 1)}…` : text;
