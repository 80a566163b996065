/** Amounts are whole fen everywhere; yuan exists only in what these functions return, to be read by the shopper. */

/** 4800 → `48.00`. */
export function yuan(fen: number): string {
  const { whole, fraction } = parts(fen);
  return whole + fraction;
}

/** 4800 → `48`, 4850 → `48.50`: where many amounts are side by side. */
export function shortYuan(fen: number): string {
  return fen % 100 === 0 ? parts(fen).whole : yuan(fen);
}

/** 4800 → `48 元`: for screen readers, which spell out `¥48.00`. */
export function spokenYuan(fen: number): string {
  return `${shortYuan(fen)} 元`;
}

/** The two sizes in which an amount is set: 4800 → `48` and `.00`. */
export function parts(fen: number): { whole: string; fraction: string } {
  const jiaoAndFen = String(fen % 100).padStart(2, '0');
  return { whole: String(Math.floor(fen / 100)), fraction: `.${jiaoAndFen}` };
}
