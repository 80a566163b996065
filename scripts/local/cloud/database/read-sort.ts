import { queryRefused } from '../errors.ts';
import type { SortKeys } from './order.ts';
import type { Document } from './value.ts';

/** @throws CloudError in MongoDB's words */
export function readSort(order: Document): SortKeys {
  return Object.entries(order).map(([path, direction]) => {
    if (direction !== 1 && direction !== -1) throw queryRefused(`bad sort specification: ${path}`);
    return [path, direction];
  });
}
