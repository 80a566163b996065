import type { LogLine, OrderHereAndThere } from './wire.ts';

/** What fits a table that somebody reads. */
export const ORDERS_SHOWN_MAX = 50;
export const LINES_SHOWN_MAX = 200;

/** Whether this is a part of an order's number, its transaction number, its openid or its name; every order fits no text. */
export function isOrderFound(
  { out_trade_no, transaction_id, openid, body }: OrderHereAndThere,
  find: string,
): boolean {
  return hasText([out_trade_no, transaction_id, openid, body].join('\n'), find);
}

/** Whether this is a part of a line, or of the name of the function that wrote it. */
export function isLineFound({ functionName, line }: Pick<LogLine, 'functionName' | 'line'>, find: string) {
  return hasText(`${functionName}\n${line}`, find);
}

function hasText(text: string, find: string): boolean {
  return text.toLowerCase().includes(find.trim().toLowerCase());
}
