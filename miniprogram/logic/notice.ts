/** A failure beside the button it concerns: what is known, what to do next, and what the button then says. */
export interface Notice {
  readonly title: string;
  readonly text: string;
  /** What pressing the filled button does next. */
  readonly next: 'pay' | 'reload' | 'orders' | 'shop' | 'update' | 'dismiss';
  /** The label of that button; without one it keeps its own. */
  readonly label?: string;
}
