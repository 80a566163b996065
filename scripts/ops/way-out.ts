import type { ErrorCode, OperatorErrorCode } from '../../cloudfunctions/_shared/contract.ts';

/** What stands elsewhere than among the codes that every function answers. */
const WAYS_OUT: Readonly<Partial<Record<ErrorCode | OperatorErrorCode, string>>> = {
  INVALID_PARAMETERS: 'See the commands with: npm run ops -- --help',
  ORDER_NOT_FOUND: 'See the newest with: npm run ops -- orders',
  REFUND_NOT_FOUND: 'See the newest with: npm run ops -- refunds',
  ALARM_NOT_FOUND: 'See them with: npm run ops -- alarms',
  OPERATOR_NOT_FOUND: 'See them with: npm run ops -- operators',
};
/** In docs/refunds.md. */
const OF_REFUNDS = /^(REFUND_|FORBIDDEN$|ORDER_NOT_PAID$|REQUEST_ID_REUSED$)/;

/** What to do when operateShop refuses: the page that explains the code, or the command that shows what there is. */
export function wayOutOf(errcode: string): string {
  const known: Readonly<Record<string, string>> = WAYS_OUT;
  if (Object.hasOwn(known, errcode)) return known[errcode] ?? '';
  return OF_REFUNDS.test(errcode)
    ? 'See the code in docs/refunds.md, In the mini-program'
    : 'See the code in docs/reference.md, Error codes';
}
