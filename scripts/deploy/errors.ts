/** Something that a human has to change before the deployment can go on. */
export class DeployError extends Error {
  override readonly name = 'DeployError';
  /** Tencent Cloud's code (`AuthFailure.SignatureFailure`), or one of our own in capitals. */
  readonly code: string;
  readonly wayOut: string;

  constructor(code: string, message: string, options: { wayOut: string; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.wayOut = options.wayOut;
  }
}
