import type { IncomingMessage, ServerResponse } from 'node:http';
import { CloudError } from '../errors.ts';
import { isMultipart, readMultipart } from '../multipart.ts';
import { readBody } from '../read-body.ts';
import { contentTypeOf } from './content-type.ts';
import { FILE_BYTES_MAX, type Storage } from './storage.ts';

/** The path on the cloud's server under which files lie, in place of a bucket's own host. */
export const FILES_PATH = '/cloud-files/';

/** A form has more in it than the file. */
const FORM_BYTES_MAX = FILE_BYTES_MAX + 64 * 1024;

/** Where a program on this machine sends and fetches a file. */
export function urlOfFile(origin: string, path: string): string {
  return `${origin}${FILES_PATH}${path.split('/').map(encodeURIComponent).join('/')}`;
}

/**
 * What COS does for the SDK: PUT (or a form, of the older SDKs) with the signature that the cloud gave out for this path,
 * GET and HEAD for everybody, since that is a new environment's permission. Refusals are COS's XML, which the SDK reads.
 */
export async function serveFiles(
  storage: Storage,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = pathIn(request.url ?? '');
  if (path === undefined) return refuse(response, 400, 'InvalidURI', 'The path cannot be read');
  if (request.method === 'GET' || request.method === 'HEAD')
    return give(storage, path, { request, response });
  if (request.method !== 'PUT' && request.method !== 'POST')
    return refuse(response, 405, 'MethodNotAllowed', 'Files take GET, HEAD, PUT and POST');
  const body = await readBody(request, FORM_BYTES_MAX);
  if (!body)
    return refuse(response, 413, 'EntityTooLarge', `A file has ${FILE_BYTES_MAX} bytes at most here`);
  const { signature, content } = readUpload(request, body);
  if (!content) return refuse(response, 400, 'MalformedPOSTRequest', 'The form has no file');
  if (!storage.isSigned(path, signature))
    return refuse(
      response,
      403,
      'SignatureDoesNotMatch',
      'The signature is none that was given for this path',
    );
  try {
    await storage.put(path, content);
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    return refuse(response, 400, error.code, error.message);
  }
  response.writeHead(request.method === 'PUT' ? 200 : 204).end();
}

async function give(
  storage: Storage,
  path: string,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const file = storage.at(path);
  if (!file) return refuse(response, 404, 'NoSuchKey', 'The specified key does not exist.');
  response.writeHead(200, {
    'content-type': contentTypeOf(path),
    'content-length': file.size,
    etag: `"${file.sha256}"`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
  });
  response.end(request.method === 'HEAD' ? undefined : await storage.read(file));
}

function readUpload(
  { method, headers }: IncomingMessage,
  body: Buffer,
): { signature: string; content?: Buffer | undefined } {
  const type = headers['content-type'] ?? '';
  if (method === 'PUT') return { signature: headers.authorization ?? '', content: body };
  const { Signature = '', file } = isMultipart(type) ? readMultipart(body, type) : {};
  return { signature: String(Signature), content: Buffer.isBuffer(file) ? file : undefined };
}

function pathIn(url: string): string | undefined {
  const [path = ''] = url.split('?');
  try {
    return decodeURIComponent(path.slice(FILES_PATH.length));
  } catch {
    return undefined;
  }
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  response
    .writeHead(status, { 'content-type': 'application/xml', connection: 'close' })
    .end(
      `<?xml version='1.0' encoding='utf-8' ?>\n<Error><Code>${code}</Code><Message>${escaped(message)}</Message><Resource>/</Resource><RequestId>local</RequestId><TraceId>local</TraceId></Error>\n`,
    );
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
