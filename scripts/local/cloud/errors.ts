/**
 * A refusal as CloudBase words it. `code` is what the wire carries; wx-server-sdk turns the few codes it knows into
 * numbers (-502001 and so on) and everything else into -501001, so the message is what programs can go by.
 */
export class CloudError<Code extends string = string> extends Error {
  override readonly name = 'CloudError';
  readonly code: Code;

  constructor(code: Code, message: string) {
    super(message);
    this.code = code;
  }
}

const CONTACT_US = 'Please check your request, but if the problem cannot be solved, contact us.';
const CONTACT_US_IF_PERSISTS = 'Please check your request, but if the problem persists, contact us.';

export function collectionMissing(name: string): CloudError {
  return new CloudError(
    'DATABASE_COLLECTION_NOT_EXIST',
    `[ResourceNotFound] Db or Table not exist: ${name}. ${CONTACT_US}`,
  );
}

export function collectionExists(): CloudError {
  return new CloudError(
    'DATABASE_COLLECTION_ALREADY_EXIST',
    `[ResourceUnavailable.ResourceExist] Table exist. ${CONTACT_US}`,
  );
}

/** Another transaction holds the document, or committed it after this one's snapshot. */
export function transactionConflict(): CloudError {
  return new CloudError(
    'DATABASE_TRANSACTION_CONFLICT',
    `[ResourceUnavailable.TransactionConflict] Transaction is conflict, maybe resource operated by others. ${CONTACT_US_IF_PERSISTS}`,
  );
}

/** Ended, aborted by a conflict, expired, or never begun. */
export function transactionGone(): CloudError {
  return new CloudError(
    'DATABASE_TRANSACTION_FAIL',
    `[ResourceUnavailable.TransactionNotExist] Transaction does not exist on the server, transaction must be commit or abort in 30 seconds. ${CONTACT_US_IF_PERSISTS}`,
  );
}

/** A second operation came while one was under way. */
export function transactionBusy(): CloudError {
  return new CloudError(
    'DATABASE_TRANSACTION_FAIL',
    `[ResourceUnavailable.TransactionBusy] Transaction is busy. ${CONTACT_US_IF_PERSISTS}`,
  );
}

/** The document's `_id`, or its key in a unique index, is taken. Programs recognise it by E11000. */
export function duplicateKey({
  collection,
  index,
  key,
}: {
  collection: string;
  index: string;
  key: string;
}): CloudError {
  return insertRefused(
    `E11000 duplicate key error collection: tnt-local.${collection} index: ${index} dup key: ${key}`,
  );
}

/** MongoDB refused an update; `text` is MongoDB's. */
export function writeRefused(text: string): CloudError {
  return new CloudError('DATABASE_REQUEST_FAILED', writeErrors('FailedOperation', text));
}

/** MongoDB refused an insert; `text` is MongoDB's. */
export function insertRefused(text: string): CloudError {
  return new CloudError('DATABASE_REQUEST_FAILED', writeErrors('FailedOperation.Insert', text));
}

/** MongoDB refused a filter, a projection or a pipeline; `text` is MongoDB's. */
export function queryRefused(text: string): CloudError {
  return new CloudError('DATABASE_REQUEST_FAILED', `[FailedOperation] (BadValue) ${text}`);
}

export function permissionDenied(): CloudError {
  return new CloudError('DATABASE_PERMISSION_DENIED', 'Permission denied');
}

export function parameterInvalid(message: string): CloudError {
  return new CloudError('INVALID_PARAM', message);
}

/** The real platform has it, the local one does not: said by name, never ignored. */
export function notProvided(what: string): CloudError {
  return new CloudError('LOCAL_CLOUD_NOT_PROVIDED', `The local cloud does not provide ${what}.`);
}

function writeErrors(operation: string, text: string): string {
  return `[${operation}] multiple write errors: [{write errors: [{${text}}]}, {<nil>}]`;
}
