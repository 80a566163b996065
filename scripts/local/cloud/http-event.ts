/** A request as it arrived, read whole. */
export interface HttpRequest {
  readonly method: string;
  /** Without the route that led here; `/` for the route itself. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface HttpEventOptions {
  readonly requestId: string;
  readonly envId: string;
  /** `binary` flags a body by its content-type; `all` hands over every body in base64, which functions must bear too. */
  readonly base64: 'binary' | 'all';
}

/** Tencent Cloud's own account ids, not WeChat's; a function has no use for them, but finds them. */
const ACCOUNT = { appId: '1250000000', uin: '100000000000' };

const TEXT_TYPE = /^(text\/|application\/(json|xml|javascript|x-www-form-urlencoded|[\w.-]+\+(json|xml))\b)/i;

/** Whether a body of this content-type is text to the gateway: it arrives as it is, and may have 100 KB. */
export function isText(contentType: string | undefined): boolean {
  return TEXT_TYPE.test(contentType?.trim() ?? '');
}

/** The event that HTTP access makes of a request (docs.cloudbase.net/service/access-cloud-function). */
export function httpEvent(request: HttpRequest, { requestId, envId, base64 }: HttpEventOptions) {
  const isBase64Encoded =
    request.body.length > 0 && (base64 === 'all' || !isText(request.headers['content-type']));
  return {
    path: request.path,
    httpMethod: request.method,
    headers: request.headers,
    queryStringParameters: request.query,
    requestContext: { requestId, envId, ...ACCOUNT },
    body: request.body.toString(isBase64Encoded ? 'base64' : 'utf8'),
    isBase64Encoded,
  };
}
