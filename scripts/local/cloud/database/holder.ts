/** Whoever keeps a document, or a place in a unique index, from others until it has ended. */
export interface Holder {
  readonly ended: Promise<void>;
}
