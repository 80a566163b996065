/** What stands below a list that is read in pages. */
export type Foot = 'more' | 'reading' | 'end' | 'failed';

/** After a page was read. */
export function footOf(next: unknown): Foot {
  return next === undefined ? 'end' : 'more';
}

/** Whether another page is to be read now. */
export function mayReadMore({ isRead, foot }: { readonly isRead: boolean; readonly foot: Foot }): boolean {
  return isRead && foot !== 'reading' && foot !== 'end';
}
