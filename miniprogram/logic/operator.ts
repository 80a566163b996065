import type { Store } from './store';

/**
 * Whether this phone has opened the desk as an operator. The server alone decides who is one; this only decides whether a
 * page shows the way to the desk, so that nobody else's phone ever asks.
 */
const KEY = 'operator';

export function wasOperator(store: Store): boolean {
  return store.read(KEY) === true;
}

export function keepOperator(store: Store, isOperator: boolean): void {
  if (wasOperator(store) !== isOperator) store.write(KEY, isOperator);
}
