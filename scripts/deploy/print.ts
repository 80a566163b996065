import { DeployError } from './errors.ts';

export type Print = (text: string) => void;

/** As much of a text from elsewhere as fits in a line: without line breaks and whatever else a terminal obeys. */
export const printable = (text: string): string =>
  text.replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, ' ').slice(0, PRINTED_CHARACTERS_MAX);

const PRINTED_CHARACTERS_MAX = 120;

/** A text from elsewhere in a line of ours: with a line break in it, it could add lines that we never said. */
export const onOneLine = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');

/**
 * What passes here commands no terminal: names, rules and errors come from the cloud, where others may have written
 * them. A character that a terminal obeys is spelled, a line break stays one.
 */
export function harmless(print: Print): Print {
  const spell = (character: string) => `\\u{${character.codePointAt(0)?.toString(16)}}`;
  return (text) => print(text.replaceAll(/(?!\n)[\p{Cc}\p{Cf}]/gu, spell));
}

/** Nothing that passes here shows a secret, whatever message a library made of it. */
export function discreet(print: Print, secrets: readonly string[]): Print {
  return (text) => print(secrets.reduce((shown, secret) => shown.replaceAll(secret, '(secret)'), text));
}

/** A failure for people. Bugs keep their stack; what somebody can fix does not need one. */
export function renderError(error: unknown): string {
  if (error instanceof DeployError) return `error     ${error.message}\nway out   ${error.wayOut}`;
  return `error     ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
