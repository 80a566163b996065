/** How long a transaction may live. The platform's own error text names it. */
export const TRANSACTION_LIFETIME_MS = 30_000;

/** How many operations a transaction may hold. Quoted from the platform's documents; to verify. */
export const TRANSACTION_OPERATIONS_MAX = 100;

/** How many documents a function's query gives when it does not say. */
export const QUERY_LIMIT_DEFAULT = 100;

/** How many documents a function's query gives at most. */
export const QUERY_LIMIT_MAX = 1000;

/** How many documents a mini-program's query gives, at most and when it does not say. */
export const CLIENT_QUERY_LIMIT_MAX = 20;

/** How many documents a pipeline without `$limit` gives: what several developers report, functions included. */
export const AGGREGATE_LIMIT_DEFAULT = 20;

/** MongoDB's own limit. */
export const DOCUMENT_BYTES_MAX = 16 * 1024 * 1024;

/** What one answer may hold: the limit of a function's result, applied to lists of documents too. */
export const RESULT_BYTES_MAX = 6 * 1024 * 1024;

/** MongoDB's limit on the places it fills with null to write beyond an array's end. */
export const BACKFILL_PLACES_MAX = 1_500_000;

/** MongoDB's limit on nesting. */
export const NESTING_MAX = 100;
