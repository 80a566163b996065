export function isMultipart(contentType: string): boolean {
  return contentType.startsWith('multipart/form-data');
}

/** What is bytes: protobuf of openapi, and the file that older SDKs upload. */
const BYTES = new Set(['requestData', 'file']);

/** The fields of a form as the SDK sends it for openapi and cloudPay, and for files. What is not bytes is text. */
export function readMultipart(body: Buffer, contentType: string): Record<string, string | Buffer> {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  const fields: Record<string, string | Buffer> = {};
  if (!boundary) return fields;
  for (const [head, content] of parts(body, Buffer.from(`--${boundary}`))) {
    const name = /name="([^"]*)"/.exec(head)?.[1];
    if (name) fields[name] = BYTES.has(name) ? content : content.toString('utf8');
  }
  return fields;
}

function* parts(body: Buffer, delimiter: Buffer): Generator<[head: string, content: Buffer]> {
  let at = body.indexOf(delimiter);
  while (at !== -1) {
    const start = at + delimiter.length + 2;
    const next = body.indexOf(delimiter, start);
    if (next === -1) return;
    const part = body.subarray(start, next - 2);
    const blank = part.indexOf('\r\n\r\n');
    if (blank !== -1) yield [part.subarray(0, blank).toString('utf8'), part.subarray(blank + 4)];
    at = next;
  }
}
