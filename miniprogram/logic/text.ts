/** Whether a text is one line that WeChat Pay's XML can carry: without control characters and halves of characters. */
export function isOneLine(text: string): boolean {
  return Array.from(text, (character) => character.codePointAt(0) ?? 0).every(
    (code) => !NOT_IN_A_LINE.some(([from, to]) => code >= from && code <= to),
  );
}

/** From and to: control characters, the separators of lines and paragraphs, lone surrogates, and what XML forbids. */
const NOT_IN_A_LINE: readonly (readonly [number, number])[] = [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  [0x2028, 0x2029],
  [0xd800, 0xdfff],
  [0xfffe, 0xffff],
];
