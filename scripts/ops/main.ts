import { DeployError } from '../deploy/errors.ts';
import { harmless, renderError } from '../deploy/print.ts';
import { bills } from './bills.ts';
import { connectCloud } from './connect.ts';
import { connectLocal } from './connect-local.ts';
import type { OpsMachine } from './machine.ts';
import { operators } from './operators.ts';
import { OPS_HELP, type Options, readOptions, unknown } from './options.ts';
import { giveUp, refund } from './refund.ts';
import { Answers, ask, type Call, type Document } from './shop.ts';
import { render, tables, takesOf, yuan } from './tables.ts';

/** `npm run ops` from its arguments to its exit code. */
export async function runOps(args: readonly string[], machine: OpsMachine): Promise<0 | 1> {
  const print = harmless(machine.print);
  try {
    const options = readOptions(args);
    if (!options) {
      print(OPS_HELP);
      return 0;
    }
    await run(options, { ...machine, print });
    return 0;
  } catch (error) {
    print(args.includes('--json') ? errorInJson(error) : renderError(error));
    return 1;
  }
}

/** For scripts: the same, and a bug is for people. */
function errorInJson(error: unknown): string {
  if (!(error instanceof DeployError)) return renderError(error);
  const { code, message, wayOut } = error;
  return JSON.stringify({ errcode: code, errmsg: message, way_out: wayOut });
}

async function run(options: Options, machine: OpsMachine): Promise<void> {
  const call = await (options.local === undefined
    ? connectCloud(machine)
    : connectLocal(options.local, machine));
  const show = (answer: object, text: () => string) =>
    machine.print(options.json ? JSON.stringify(answer) : text());
  switch (options.command) {
    case 'orders':
    case 'refunds':
      return list(call, options.command, options, show);
    case 'alarms':
      return alarms(call, options, { machine, show });
    case 'bills':
      return bills(call, options, { machine, show });
    case 'order':
      return one(call, options, show);
    case 'refund': {
      const made = await (options.giveUp ? giveUp : refund)(call, options, machine);
      return show({ refund: made }, () => refundInWords(made));
    }
    case 'operators':
      if (options.rest.length === 0) return list(call, 'operators', options, show);
      return operators(call, options, { machine, show });
    default:
      throw unknown(`There is no command ${options.command}`);
  }
}

type Show = (answer: object, text: () => string) => void;
type List = 'orders' | 'refunds' | 'alarms' | 'operators';

async function list(call: Call, what: List, { limit, openid, rest }: Options, show: Show): Promise<void> {
  if (rest.length > 0) throw unknown(`${what} takes no ${rest[0]}`);
  const event = { act: what, limit, ...(what === 'orders' && openid !== undefined && { openid }) };
  const answer: Readonly<Record<string, readonly Document[]>> = await ask(call, event, Answers[what]);
  show(answer, () => render(tables[what], answer[what] ?? []));
}

async function one(call: Call, { rest }: Options, show: Show): Promise<void> {
  const [out_trade_no] = rest;
  if (out_trade_no === undefined || rest.length > 1) throw unknown('Name one out_trade_no');
  const answer = await ask(call, { act: 'order', out_trade_no }, Answers.order);
  const { order, user, refunds, alarms, audit } = answer;
  if (!order) throw unknown(`There is no order ${out_trade_no}`);
  show(answer, () =>
    [
      ...Object.entries(order).map(([name, value]) => `${name.padEnd(22)} ${inWords(value)}`),
      `${'memberships'.padEnd(22)} ${inWords(user?.memberships)}`,
      `\nRefunds\n${render(tables.refunds, refunds)}`,
      `\nAlarms\n${render(tables.alarms, alarms)}`,
      `\nWho did what\n${render(tables.audit, audit)}`,
    ].join('\n'),
  );
}

async function alarms(
  call: Call,
  options: Options,
  { machine, show }: { machine: OpsMachine; show: Show },
): Promise<void> {
  const [verb, alarm_id, ...more] = options.rest;
  if (verb === undefined) return list(call, 'alarms', options, show);
  if ((verb !== 'done' && verb !== 'reopen') || alarm_id === undefined || more.length > 0) {
    throw unknown('alarms done ID, or alarms reopen ID; one with a space in it is put in quotes');
  }
  const event = { act: 'alarm.done', by: machine.by, alarm_id, done: verb === 'done' };
  const answer = await ask(call, event, Answers.alarm);
  show(answer, () => `${alarm_id} is ${verb === 'done' ? 'done' : 'open again'}.`);
}

function refundInWords({
  out_refund_no,
  refund_fee,
  state,
  takes,
  err_code,
  err_code_des,
}: Document): string {
  const lines = [
    `refund     ${inWords(out_refund_no)}: ${inWords(state)}, ${yuan(Number(refund_fee))}, takes ${takesOf(takes)}`,
  ];
  if (err_code) lines.push(`WeChat     ${inWords(err_code)}: ${inWords(err_code_des)}`);
  if (state === 'PROCESSING') lines.push('           The timer asks WeChat until it ends.');
  if (state === 'ABANDONING')
    lines.push('           The timer asks WeChat once more, two minutes after it was last sent.');
  return lines.join('\n');
}

function inWords(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
