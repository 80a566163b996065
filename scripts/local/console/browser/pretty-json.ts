import { h } from './dom.ts';
import { say } from './words/language.ts';
import { PAYLOAD } from './words/payload.ts';

/** More is looked at by copying it. */
const CHARACTERS_MAX = 20_000;
/** A name, a text, or another value, as JSON.stringify writes them. */
const TOKENS = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null|-?\d[\d.eE+-]*)\b/g;

/** A value as JSON over several lines, with its names, texts and numbers distinguished. */
export function prettyJson(value: unknown): HTMLElement {
  const text = JSON.stringify(value, null, 2) ?? String(value);
  const shown = text.slice(0, CHARACTERS_MAX);
  const rest = shown.length < text.length ? say(PAYLOAD).cut : '';
  return h('pre', { class: 'json' }, ...piecesOf(shown), rest);
}

function piecesOf(text: string): (HTMLElement | string)[] {
  const pieces: (HTMLElement | string)[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKENS)) {
    const [whole, quoted, colon = '', plain] = match;
    pieces.push(text.slice(end, match.index));
    if (quoted !== undefined) pieces.push(h(colon === '' ? 'b' : 'i', {}, quoted), colon);
    else if (plain !== undefined) pieces.push(h('em', {}, plain));
    end = match.index + whole.length;
  }
  return [...pieces, text.slice(end)];
}
