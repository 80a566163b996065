import type * as v from 'valibot';
import { overviewIn } from '../_shared/cloud/database/stores/overview.ts';
import {
  type AdministratorsCall,
  administratorFunction,
} from '../_shared/cloud/functions/administrator-function.ts';
import type { Runtime } from '../_shared/cloud/runtime.ts';
import { sayAlarmDone } from '../_shared/cloud/say-alarm-done.ts';
import { openServices } from '../_shared/cloud/services.ts';
import { readShopConfig } from '../_shared/cloud/shop-config.ts';
import { giveUpRefund } from '../_shared/order/refunds/give-up-refund.ts';
import { refundViewOf } from '../_shared/order/refunds/refund-view.ts';
import { requestRefund } from '../_shared/order/refunds/request-refund.ts';
import { viewOf } from '../_shared/order/view.ts';
import { ActSchema } from './acts.ts';
import { setOperators } from './operators.ts';

/** What an administrator does from a terminal: looks at orders, refunds, alarms and operators, and changes some of it. */
export function build(runtime: Runtime) {
  const schema = ActSchema;
  return administratorFunction(runtime, { name: 'operateShop', schema }, (call) => act(runtime, call));
}

async function act(
  runtime: Runtime,
  { input, environment, deadline }: AdministratorsCall<v.InferOutput<typeof ActSchema>>,
) {
  const database = await runtime.database();
  const overview = overviewIn(database);
  switch (input.act) {
    case 'orders':
      return { orders: (await overview.orders(input)).documents };
    case 'order':
      return overview.order(input.out_trade_no);
    case 'refunds':
      return { refunds: (await overview.refunds(input)).documents };
    case 'alarms':
      return { alarms: (await overview.alarms(input)).documents.slice(0, input.limit) };
    case 'alarm.done': {
      const alarm = await sayAlarmDone(runtime, database, input);
      return 'kind' in alarm ? alarm : { alarm };
    }
    case 'bills': {
      const { bill_date } = input;
      return { bills: await (bill_date ? overview.billsOf(bill_date) : overview.bills(input)) };
    }
    case 'operators':
      return { operators: (await overview.operators(input)).documents };
    case 'operators.add':
    case 'operators.remove':
      return setOperators(runtime, input);
    case 'refund': {
      const ports = await openServices(runtime, readShopConfig(runtime.variables), deadline);
      return answerOf(await requestRefund(ports, { ...input.request, environment, by: input.by }));
    }
    case 'give-up': {
      const ports = await openServices(runtime, readShopConfig(runtime.variables), deadline);
      return answerOf(await giveUpRefund(ports, input));
    }
  }
}

function answerOf(answer: Awaited<ReturnType<typeof requestRefund>>) {
  if (answer.kind === 'refusal') return answer;
  return { refund: refundViewOf(answer.refund), order: viewOf(answer.order) };
}
