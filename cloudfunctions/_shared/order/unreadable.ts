const CODE = 'DOCUMENT_UNREADABLE';

/** A document that an order needs is gone. The order stands still until somebody puts it right, and no other does. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
  readonly code = CODE;
}

/** Whether that is so, or a document is not as we write it, which a store says by the same code. */
export function isUnreadable(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === CODE;
}
