import type { Hono } from 'hono';
import * as v from 'valibot';
import { malformed, readBody, respond } from './answers.ts';
import {
  documentsOf,
  documentText,
  noSuchCollection,
  putDocument,
  removeDocument,
  resetCollection,
} from './documents.ts';
import type { ConsoleParts } from './parts.ts';

/** A document as text, with what JSON adds to it. */
export const DOCUMENT_BYTES_MAX = 256 * 1024;

const Put = v.strictObject({ document: v.string() });
const Remove = v.strictObject({ _id: v.string() });

/**
 * GET /api/documents/<collection>?where=, /api/documents/<collection>/text?_id=; POST /api/documents/<collection>
 * {document}, …/remove {_id}, …/reset {}. Filters, documents and ids are Extended JSON.
 */
export function addDocuments(app: Hono, parts: ConsoleParts): void {
  app.get('/api/documents/:name', (c) => {
    const name = c.req.param('name');
    const found = documentsOf(parts, name, c.req.query('where') ?? '');
    if (!('ok' in found)) return c.json(found);
    return c.json(found, parts.cloud.collections().includes(name) ? 400 : 404);
  });
  app.get('/api/documents/:name/text', (c) => {
    const text = documentText(parts, c.req.param('name'), c.req.query('_id') ?? '');
    return text === undefined ? c.json(noSuchCollection(c.req.param('name')), 404) : c.json({ text });
  });
  app.post('/api/documents/:name', async (c) => {
    const put = await readBody(c, Put);
    if (!put) return malformed(c, 'A document is put as text: {document}');
    return respond(c, await putDocument(parts, c.req.param('name'), put.document));
  });
  app.post('/api/documents/:name/remove', async (c) => {
    const remove = await readBody(c, Remove);
    if (!remove) return malformed(c, 'A document is removed by its _id, as text of JSON: {_id}');
    return respond(c, await removeDocument(parts, c.req.param('name'), remove._id));
  });
  app.post('/api/documents/:name/reset', async (c) =>
    respond(c, await resetCollection(parts, c.req.param('name'))),
  );
}
