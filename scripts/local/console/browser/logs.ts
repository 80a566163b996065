import type { LogLine } from '../wire.ts';
import { copyButton } from './copy.ts';
import { h } from './dom.ts';
import { prettyJson } from './pretty-json.ts';
import { readable } from './readable.ts';
import { parsed, textField } from './story/fields.ts';
import { clockTime } from './time.ts';
import { say } from './words/language.ts';
import { LOGS } from './words/tables.ts';

/** Lines of functions, newest first; one opens to what it says as JSON. */
export function logsView(
  lines: readonly LogLine[],
  { opened, onOpen }: { readonly opened: ReadonlySet<string>; readonly onOpen: (key: string) => void },
): HTMLElement[] {
  const words = say(LOGS);
  if (lines.length === 0) return [h('p', { class: 'empty' }, words.none)];
  const rows = lines.map((line) => {
    const key = `${line.at} ${line.functionName} ${line.line}`;
    const isOpened = opened.has(key);
    const content = readable(line.line);
    const button = h(
      'button',
      {
        class: line.isError || isWarning(line.line) ? 'open bad' : 'open',
        type: 'button',
        'aria-expanded': String(isOpened),
        'data-focus': key,
        onclick: () => onOpen(key),
      },
      h('time', {}, clockTime(new Date(line.at))),
      h('b', {}, line.functionName),
      h('span', {}, brief(line.line)),
    );
    return h(
      'li',
      {},
      button,
      isOpened &&
        h('div', { class: 'document-card' }, copyButton(line.line, line.functionName), prettyJson(content)),
    );
  });
  return [h('ol', { class: 'logs', 'aria-label': words.list, 'data-testid': 'logs' }, ...rows)];
}

/** Facts say in their level that something is wrong. */
function isWarning(line: string): boolean {
  const level = textField(parsed(line), 'level');
  return level === 'WARN' || level === 'ERROR';
}

/** A fact that is one line of JSON is read without its quotes, and begins with its name. */
function brief(line: string): string {
  const fact = parsed(line);
  if (typeof fact !== 'object' || fact === null || Array.isArray(fact)) return line;
  const { fact: name = '', level: _, time: __, ...rest } = Object(fact);
  const fields = Object.entries(rest).map(
    ([field, value]) => `${field}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return [String(name), ...fields].join(' ').trim();
}
