import { DeployError } from '../deploy/errors.ts';
import type { OpsMachine } from './machine.ts';
import { type Options, unknown } from './options.ts';
import { Answers, ask, type Call } from './shop.ts';

/** As many operators as are asked for at once. */
const OPERATORS_MAX = 100;

/** Makes somebody an operator, or takes that back. */
export async function operators(
  call: Call,
  { rest: [verb, openid, name, ...more], anyway }: Options,
  { machine, show }: { machine: OpsMachine; show: (answer: object, text: () => string) => void },
): Promise<void> {
  if (
    (verb !== 'add' && verb !== 'remove') ||
    openid === undefined ||
    (verb === 'add') !== (name !== undefined) ||
    more.length > 0
  ) {
    throw unknown('operators add OPENID NAME, or operators remove OPENID');
  }
  if (verb === 'add' && !anyway && !(await isKnown(call, openid))) throw stranger(openid);
  const event = { act: `operators.${verb}`, by: machine.by, openid, ...(name !== undefined && { name }) };
  const answer = await ask(call, event, Answers.operator);
  show(answer, () => (verb === 'add' ? `${openid} may refund now.` : `${openid} may not refund any more.`));
}

/**
 * Nobody can list the openids of a mini-program, so it is known who has begun an order here, or was made an operator before. A
 * letter less would give nobody the right, and nobody would be told.
 */
async function isKnown(call: Call, openid: string): Promise<boolean> {
  const listed = await ask(call, { act: 'operators', limit: OPERATORS_MAX }, Answers.operators);
  if (listed.operators.some(({ _id }) => _id === openid)) return true;
  const { orders } = await ask(call, { act: 'orders', limit: 1, openid }, Answers.orders);
  return orders.length > 0;
}

function stranger(openid: string): DeployError {
  return new DeployError('OPENID_UNKNOWN', `Nobody with the openid ${openid} has begun an order here`, {
    wayOut:
      'Begin an order on the phone of that person, and take the openid from: npm run ops -- orders. To add it all the same: --anyway',
  });
}
