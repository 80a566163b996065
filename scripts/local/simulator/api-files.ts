import type { Hono } from 'hono';
import * as v from 'valibot';
import type { SimulatorBackend } from './backend.ts';
import { shopperOf } from './shopper-of.ts';

/** Nothing larger is asked for by a page; the cloud has its own limit below it. */
const UPLOAD_BYTES_MAX = 101 * 1024 * 1024;

const Upload = v.object({ openid: v.string(), path: v.string() });
const Urls = v.object({
  openid: v.string(),
  fileList: v.array(v.object({ fileID: v.string(), maxAge: v.exactOptional(v.number()) })),
});
const Removal = v.object({ openid: v.string(), fileList: v.array(v.string()) });
const Address = v.object({ address: v.string() });

/** The one request that is no JSON: bytes, in a type that no page can send unasked either. */
export const UPLOAD_PATH = '/__sim/files/upload';
export const UPLOAD_TYPE = 'application/octet-stream';

/** Files of `wx.cloud`, and of the pictures on a page. */
export function serveCloudFiles(api: Hono, backend: SimulatorBackend): void {
  const { files } = backend;
  api.post(UPLOAD_PATH, async (context) => {
    const { openid, path } = v.parse(Upload, context.req.query());
    if (Number(context.req.header('content-length') ?? Number.NaN) <= UPLOAD_BYTES_MAX) {
      const content = new Uint8Array(await context.req.arrayBuffer());
      return context.json(await files.upload(path, content, shopperOf(backend, openid)));
    }
    return context.text('a file has a length, and 100 MB at most\n', 413);
  });
  api.post('/__sim/files/urls', async (context) => {
    const { openid, fileList } = v.parse(Urls, await context.req.json());
    return context.json(await files.urls(fileList, shopperOf(backend, openid)));
  });
  api.post('/__sim/files/remove', async (context) => {
    const { openid, fileList } = v.parse(Removal, await context.req.json());
    return context.json(await files.remove(fileList, shopperOf(backend, openid)));
  });
  api.post('/__sim/files/download', async (context) => {
    const { address } = v.parse(Address, await context.req.json());
    return answerOf(await files.read(address));
  });
  api.get('/__sim/files/read', async (context) => {
    const { address } = v.parse(Address, context.req.query());
    return answerOf(await files.read(address));
  });
}

/** What it is says the cloud; what nobody shows is bytes, and `nosniff` keeps it so. */
function answerOf(file: { readonly content: Uint8Array; readonly type: string } | undefined): Response {
  if (!file) return new Response('there is no such file\n', { status: 404 });
  return new Response(new Uint8Array(file.content), { headers: { 'content-type': file.type } });
}
