/** One fen, in the unit that bills are read in: they have yuan with up to five decimals, of which fees use all. */
export const FEN = 1000;

/** Yuan as bills write them: digits, and at most five decimals. Nothing else is a number here, `1e3` for one. */
const YUAN = /^(-?)(\d{1,9})(?:\.(\d{1,5}))?$/;

/**
 * Reads yuan as whole thousandths of a fen, by the digits and never through a fraction: `0.03` is 3000.
 * Undefined for anything else.
 */
export function thousandthsOfFen(text: string): number | undefined {
  const [, sign, yuan, decimals = ''] = YUAN.exec(text) ?? [];
  if (yuan === undefined) return undefined;
  const amount = Number(yuan + decimals.padEnd(5, '0'));
  return sign && amount > 0 ? -amount : amount;
}

/** Reads an amount of money as whole fen, not below nothing. Undefined for anything else. */
export function fenOf(text: string): number | undefined {
  const amount = thousandthsOfFen(text);
  if (amount === undefined || amount < 0 || amount % FEN !== 0) return undefined;
  return amount / FEN;
}

/** Reads a count, which some bills write as `45.0`. Undefined for anything else. */
export function countOf(text: string): number | undefined {
  const count = /^(\d{1,9})(?:\.0{1,5})?$/.exec(text)?.[1];
  return count === undefined ? undefined : Number(count);
}
