import { CLASSIC } from './check/check-environment.ts';
import { DeployError } from './errors.ts';

/**
 * Turns whatever a vendor's library threw while `doing` something into an error that names the way out.
 * Tencent Cloud's codes: https://cloud.tencent.com/document/api/876/34822 (tcb), /api/583/17240 (scf).
 */
export function explain(doing: string, error: unknown): DeployError {
  if (error instanceof DeployError) return error;
  const { code, message, requestId } = read(error);
  const [, wayOut] =
    BY_MESSAGE.find(([pattern]) => pattern.test(message)) ??
    WAYS_OUT.find(([pattern]) => pattern.test(code) || (!code && pattern.test(message))) ??
    [];
  const facts = [code, requestId && `request ${requestId}`].filter(Boolean).join(', ');
  return new DeployError(code || 'UNKNOWN', `Could not ${doing}${facts ? ` (${facts})` : ''}: ${message}`, {
    wayOut: wayOut ?? OTHERWISE,
    cause: error,
  });
}

/** The longest message taken over: a proxy's whole error page helps nobody. */
const MESSAGE_CHARACTERS_MAX = 300;

/** manager-node sometimes puts an Error where its message belongs, and loses the code on the way. */
function read(error: unknown): { code: string; message: string; requestId: string } {
  const text = (value: unknown) => (value === undefined || value === null ? '' : String(value));
  if (!(error instanceof Error)) return { code: '', message: text(error), requestId: '' };
  const fields: { message: unknown; code?: unknown; requestId?: unknown } = error;
  return {
    code: text(fields.code),
    message: text(fields.message).replaceAll(/\s+/g, ' ').slice(0, MESSAGE_CHARACTERS_MAX),
    requestId: text(fields.requestId),
  };
}

const OTHERWISE = 'If the message does not help, run this again; it goes on where it stopped';

/** Refusals whose code says too little. */
const BY_MESSAGE: readonly (readonly [pattern: RegExp, wayOut: string])[] = [
  [/not support PostgreSQL/i, `The environment is of PostgreSQL kind. ${CLASSIC}`],
];

const WAYS_OUT: readonly (readonly [pattern: RegExp, wayOut: string])[] = [
  [
    /^AuthFailure\.SignatureExpire/,
    "This machine's clock is wrong by more than five minutes. Set it and run this again",
  ],
  [
    /^AuthFailure\.Token/,
    'TENCENTCLOUD_SESSIONTOKEN has expired. Get new temporary keys, or empty it to use lasting ones',
  ],
  [
    /^AuthFailure\.Unauthorized|^UnauthorizedOperation|^OperationDenied/,
    'The key is right but may not do this. Give its user QcloudTCBFullAccess and QcloudSCFFullAccess (Tencent Cloud console, ' +
      'Access Management). An environment opened inside WeChat DevTools must first be linked to the Tencent Cloud account',
  ],
  [
    /^AuthFailure/,
    'TENCENTCLOUD_SECRETID or TENCENTCLOUD_SECRETKEY is wrong. Copy both again (Tencent Cloud console, Access Management, API keys)',
  ],
  [
    /^ResourceNotFound\.Env|^InvalidParameter\.(EnvId|Env)|EnvNotFound/i,
    'There is no such environment for this key. Compare CLOUDBASE_ENV_ID (or --env) with the CloudBase console, Overview, and see that ' +
      'the key belongs to the same account',
  ],
  [
    /^ResourceNotFound\.Function/,
    'The function is not there: this release, or its first deployment, is missing. Deploy it with: npm run deploy',
  ],
  [
    /HTTPSERVICE_NONACTIVATED/i,
    'HTTP access is off. Switch it on (CloudBase console, HTTP Access) and run this again',
  ],
  [/IndexCreating/, 'An index is still being built. Run this again in a few minutes'],
  [
    /IndexOptionsConflict/,
    'An index of that name or over those fields exists with other options. Delete it (console, Database, the collection, Indexes) and run this again',
  ],
  [
    /E11000|Duplicate/i,
    'Documents that are there already break the unique index. Find the doubles (console, Database) and settle them first',
  ],
  [
    /^LimitExceeded|Quota|^ResourceInsufficient/i,
    'The plan of the environment is full. Free something or choose a larger plan (CloudBase console, Overview, Plan)',
  ],
  [
    /^RequestLimitExceeded/,
    'Too many calls in a short time. Run this again in a minute; it goes on where it stopped',
  ],
  [
    /Overdue|Isolated|Arrears|InsufficientBalance/i,
    'The environment is suspended for an unpaid bill or has expired. Renew it (CloudBase console, Overview) and run this again',
  ],
  [
    /^ResourceInUse|Updating|Creating/,
    'The resource is being changed by somebody else or is not ready. Run this again in a minute',
  ],
  [
    /ENOTFOUND|ECONN|ETIMEDOUT|EAI_AGAIN|timeout|socket hang up|certificate/i,
    'Tencent Cloud could not be reached. Look at the network and http_proxy, and run this again; it goes on where it stopped',
  ],
  [/^InternalError|^FailedOperation/, 'Tencent Cloud failed. Run this again; it goes on where it stopped'],
];
