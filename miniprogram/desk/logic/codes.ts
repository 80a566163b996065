import type { ErrorCode, OperatorErrorCode } from '../../../cloudfunctions/_shared/contract';
import { type Answered, type CodesOf, ERROR_CODES } from '../../logic/answer';

export type DeskCode = ErrorCode | OperatorErrorCode;

/** How a call of an operator ended. */
export type DeskAnswered<T> = Answered<T, DeskCode>;
export type DeskFailure = Exclude<DeskAnswered<unknown>, { kind: 'answered' }>;

export const DESK_CODES: CodesOf<DeskCode> = {
  ...ERROR_CODES,
  FORBIDDEN: true,
  ORDER_NOT_PAID: true,
  REFUND_CHANGED: true,
  REFUND_OPEN: true,
  REFUND_TOO_MUCH: true,
  REFUND_TOO_SOON: true,
  REFUND_PARTS_USED_UP: true,
  REFUND_OVERDUE: true,
  REFUND_NOT_POSSIBLE: true,
  REFUND_NOT_FOUND: true,
  ALARM_NOT_FOUND: true,
  OPERATOR_NOT_FOUND: true,
};
