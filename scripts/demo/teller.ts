import pc from 'picocolors';

/** Tells a story on the terminal; every sentence that claims something is checked. */
export interface Teller {
  chapter(title: string): void;
  step(who: string, what: string, detail?: string): void;
  check(claim: string, holds: boolean): void;
  /** The claims that did not hold. */
  readonly failures: readonly string[];
}

export function createTeller(): Teller {
  const failures: string[] = [];
  return {
    failures,
    chapter: (title) => console.log(`\n${pc.bold(title)}`),
    step: (who, what, detail = '') => console.log(`  ${pc.cyan(who.padEnd(16))} ${what} ${pc.dim(detail)}`),
    check(claim, holds) {
      console.log(`  ${holds ? pc.green('✓') : pc.red('✗')} ${claim}`);
      if (!holds) failures.push(claim);
    },
  };
}

export const yuan = (fen: number) => `¥${(fen / 100).toFixed(2)}`;
