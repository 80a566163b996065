/**
 * The longest text of one message: what a function answers for developers, a field of a log line, what an alarm says.
 * Messages name what is wrong, and what is wrong may be a megabyte that a client sent.
 */
export const MESSAGE_CHARACTERS_MAX = 1000;

const CUT = '…';

/** The text, or its beginning and `…`: never longer than `max`, never with half a character at its end. */
export function shorten(text: string, max = MESSAGE_CHARACTERS_MAX): string {
  if (text.length <= max) return text;
  return text.slice(0, max - CUT.length).replace(/[\uD800-\uDBFF]$/, '') + CUT;
}
