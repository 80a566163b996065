import { DeployError } from './errors.ts';

export type Print = (text: string) => void;

/** As much of a text from elsewhere as fits in a line: without line breaks and whatever else a terminal obeys. */
export const printable = (text: string): string =>
  text.replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, ' ').slice(0, PRINTED_CHARACTERS_MAX);

const PRINTED_CHARACTERS_MAX = 120;

/** Nothing that passes here shows a secret, whatever message a library made of it. */
export function discreet(print: Print, secrets: readonly string[]): Print {
  return (text) => print(secrets.reduce((shown, secret) => shown.replaceAll(secret, '(secret)'), text));
}

/** A failure for people. Bugs keep their stack; what somebody can fix does not need one. */
export function renderError(error: unknown): string {
  if (error instanceof DeployError) return `error     ${error.message}\nway out   ${error.wayOut}`;
  return `error     ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
