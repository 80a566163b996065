import { DeployError } from './errors.ts';

export type Print = (text: string) => void;

/** Nothing that passes here shows a secret, whatever message a library made of it. */
export function discreet(print: Print, secrets: readonly string[]): Print {
  return (text) => print(secrets.reduce((shown, secret) => shown.replaceAll(secret, '(secret)'), text));
}

/** A failure for people. Bugs keep their stack; what somebody can mend does not need one. */
export function renderError(error: unknown): string {
  if (error instanceof DeployError) return `error     ${error.message}\nway out   ${error.wayOut}`;
  return `error     ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
