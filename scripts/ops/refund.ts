import { DeployError } from '../deploy/errors.ts';
import type { OpsMachine } from './machine.ts';
import { type Options, unknown } from './options.ts';
import { Answers, ask, type Call, type Document, Refused } from './shop.ts';
import { takesOf, yuan } from './tables.ts';

/** Gives money of an order back: what is about to happen is shown first, and happens only after a yes. */
export async function refund(call: Call, options: Options, machine: OpsMachine): Promise<Document> {
  const out_trade_no = named(options, 'out_trade_no');
  // A script that loses the answer must be able to ask again for the same refund, and only JSON is printed for it.
  if (options.json && options.requestId === undefined) {
    throw unknown(
      'With --json name the request yourself: --request-id, so that asking again is the same refund',
    );
  }
  const { order } = await ask(call, { act: 'order', out_trade_no }, Answers.order);
  if (!order)
    throw new DeployError('ORDER_NOT_FOUND', `There is no order ${out_trade_no}`, {
      wayOut: 'npm run ops -- orders',
    });
  const { total_fee = 0, refunded_fee = 0, refund_reserved_fee = 0, refunds = [] } = order;
  const left = total_fee - refunded_fee - refund_reserved_fee;
  const refund_fee = options.fee ?? left;
  const { print } = machine;
  const request_id = options.requestId ?? machine.newRequestId();
  if (!options.json) {
    print(`order      ${out_trade_no}, ${String(order.trade_state)}, ${yuan(total_fee)}`);
    print(`given back ${yuan(refunded_fee)}, under way ${yuan(refund_reserved_fee)}, left ${yuan(left)}`);
    print(
      `now        ${yuan(refund_fee)}, takes ${options.takes === undefined ? 'its share' : takesOf(options.takes)}`,
    );
    // Printed before it is used: whoever loses the answer asks again with it.
    print(`request    --request-id ${request_id}`);
  }
  await agree(`Give ${yuan(refund_fee)} of ${out_trade_no} back?`, options, machine);
  const request = {
    ...{ request_id, out_trade_no, refund_fee },
    reason: options.reason ?? '退款',
    ...(options.takes !== undefined && { takes: options.takes }),
    expected_refunded_fee: refunded_fee + refund_reserved_fee,
    expected_refunds: refunds.length,
  };
  const asking = ask(call, { act: 'refund', by: machine.by, request }, Answers.refund);
  const { refund: made } = await asking.catch((error: unknown) => {
    throw orAskAgain(error, request);
  });
  return made;
}

/** Where nobody knows whether it was done, asking anew could give the money back twice. */
function orAskAgain(
  error: unknown,
  { out_trade_no, refund_fee, request_id }: { out_trade_no: string; refund_fee: number; request_id: string },
): unknown {
  if (error instanceof Refused) return error;
  const again = `npm run ops -- refund ${out_trade_no} --fee ${refund_fee} --request-id ${request_id}`;
  const why = error instanceof Error ? error.message : String(error);
  return new DeployError('REFUND_UNKNOWN', `${why}. Whether the refund was asked for is not known`, {
    wayOut: `Ask again with the same request, never with a new one: ${again}`,
    cause: error,
  });
}

/** Gives a refund up, after a yes: nobody sends it again. */
export async function giveUp(call: Call, options: Options, machine: OpsMachine): Promise<Document> {
  const out_refund_no = named(options, 'out_refund_no');
  await agree(`Give the refund ${out_refund_no} up?`, options, machine);
  const { refund: given } = await ask(
    call,
    { act: 'give-up', by: machine.by, out_refund_no },
    Answers.refund,
  );
  return given;
}

async function agree(question: string, { yes }: Options, { confirm }: OpsMachine): Promise<void> {
  if (yes) return;
  if (!confirm) throw unknown('Nobody is there to say yes: say --yes');
  if (!(await confirm(question)))
    throw new DeployError('NOT_AGREED', 'Nothing was done', { wayOut: 'Say yes to do it' });
}

function named({ rest }: Options, what: string): string {
  const [number] = rest;
  if (number === undefined || rest.length > 1) throw unknown(`Name one ${what}`);
  return number;
}
