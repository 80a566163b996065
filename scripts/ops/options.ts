import { parseArgs } from 'node:util';
import { DeployError } from '../deploy/errors.ts';

/** What somebody typed: a command, what it is about, and how. */
export interface Options {
  readonly command: string;
  readonly rest: readonly string[];
  readonly fee: number | undefined;
  readonly takes: 'all' | 'none' | { readonly days: number } | undefined;
  readonly reason: string | undefined;
  readonly requestId: string | undefined;
  readonly giveUp: boolean;
  readonly limit: number;
  readonly openid: string | undefined;
  readonly yes: boolean;
  /** Adds an operator whose openid nobody has seen. */
  readonly anyway: boolean;
  readonly json: boolean;
  /** The port of a local world's console; undefined for the environment that .env names. */
  readonly local: number | undefined;
}

export const OPS_HELP = `Usage: npm run ops -- COMMAND [options]

Looks at the shop and acts on it, as an administrator of the environment that .env names.

  orders                          the newest orders
  order OUT_TRADE_NO              one order, with its refunds, its membership and its alarms
  refund OUT_TRADE_NO             gives money back: shows what, and asks for a yes
  refund --give-up OUT_REFUND_NO  gives up a refund that WeChat does not carry out
  refunds, operators              the newest of them
  bills                           the newest days of WeChat's bills, compared with the orders
  bills YYYYMMDD                  one day, with each difference
  alarms                          those that nobody has dealt with, then the others
  alarms done ID                  says that one was dealt with
  alarms reopen ID                takes that back
  operators add OPENID NAME       may refund in the mini-program from now on
  operators remove OPENID         may not any more

  --fee N         fen to give back (default all that is left); 0 only takes days
  --takes WHAT    what it takes from the membership: all, none, or days (default by its share)
  --reason TEXT   the shopper reads it in WeChat's message
  --request-id ID the same one gives the same refund (default a new one, which is printed; --json needs it)
  --give-up       with refund
  --limit N       how many of a list (default 20)
  --openid OPENID with orders: of this shopper
  --yes           do not ask before money moves
  --anyway        with operators add: also an openid that is not known here
  --json          print JSON, errors too
  --local PORT    the local world whose console has this port (npm start prints it), instead of the cloud
  --help          this text

Exit code: 0 when it was done, 1 otherwise.`;

/** Gives undefined when help was asked for. @throws DeployError OPTION_UNKNOWN */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values, positionals } = parse(args);
  if (values.help || positionals.length === 0) return undefined;
  const [command = '', ...rest] = positionals;
  return {
    command,
    rest,
    fee: wholeNumber('--fee', values.fee, 0),
    takes: readTakes(values.takes),
    reason: values.reason,
    requestId: values['request-id'],
    giveUp: values['give-up'] ?? false,
    limit: wholeNumber('--limit', values.limit, 1) ?? 20,
    openid: values.openid,
    yes: values.yes ?? false,
    anyway: values.anyway ?? false,
    json: values.json ?? false,
    local: readPort(values.local),
  };
}

/** Refuses what it does not know: a mistyped option must not move money. */
function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: true,
      options: {
        fee: { type: 'string' },
        takes: { type: 'string' },
        reason: { type: 'string' },
        'request-id': { type: 'string' },
        'give-up': { type: 'boolean' },
        limit: { type: 'string' },
        openid: { type: 'string' },
        yes: { type: 'boolean', short: 'y' },
        anyway: { type: 'boolean' },
        json: { type: 'boolean' },
        local: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (cause) {
    throw unknown(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function readTakes(text: string | undefined): Options['takes'] {
  if (text === undefined || text === 'all' || text === 'none') return text;
  const days = wholeNumber('--takes', text, 1);
  return days === undefined ? undefined : { days };
}

/** The console's port, or its address as npm start prints it. */
function readPort(text: string | undefined): number | undefined {
  const port = /^http:\/\/(?:127\.0\.0\.1|localhost):(\d+)\/?$/.exec(text ?? '')?.[1] ?? text;
  const number = wholeNumber('--local', port, 1);
  if (number === undefined || number <= 65_535) return number;
  throw unknown('--local must be the port of a local world’s console, at most 65535');
}

function wholeNumber(name: string, text: string | undefined, min: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,12}$/.test(text) && Number(text) >= min) return Number(text);
  throw unknown(`${name} must be a whole number, at least ${min}`);
}

export function unknown(message: string, cause?: unknown): DeployError {
  return new DeployError('OPTION_UNKNOWN', message, {
    wayOut: 'See the commands with: npm run ops -- --help',
    cause,
  });
}
