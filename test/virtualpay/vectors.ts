import { readFileSync } from 'node:fs';
import * as v from 'valibot';

const json = v.record(v.string(), v.unknown());

const schema = v.object({
  pay_sig: v.array(
    v.object({
      id: v.string(),
      appkey: v.string(),
      uri: v.string(),
      body: v.string(),
      expected: v.string(),
    }),
  ),
  signature: v.array(
    v.object({ id: v.string(), session_key: v.string(), body: v.string(), expected: v.string() }),
  ),
  negative_client: v.array(
    v.object({
      id: v.string(),
      field: v.picklist(['paySig', 'signature']),
      signData: v.string(),
      appkey: v.string(),
      session_key: v.string(),
      wrong_value: v.string(),
    }),
  ),
  negative_server: v.array(
    v.object({
      id: v.string(),
      uri: v.string(),
      body: v.string(),
      appkey: v.string(),
      wrong_value: v.string(),
    }),
  ),
  events: v.array(v.object({ id: v.string(), form: v.picklist(['json', 'xml']), body: v.unknown() })),
  answers: v.array(v.object({ id: v.string(), body: json })),
});

/** Published signatures, events and answers, and some computed beside them. */
export const vectors = v.parse(
  schema,
  JSON.parse(readFileSync(new URL('../vectors/virtual-payment.json', import.meta.url), 'utf8')),
);

/** An answer of the file. */
export function answerNamed(id: string): Record<string, unknown> {
  const found = vectors.answers.find((answer) => answer.id === id);
  if (!found) throw new Error(`The vectors have no answer ${id}.`);
  return found.body;
}

/** A request body that was signed in the file, with its key and signature. */
export function bodyNamed(id: string) {
  const found = vectors.pay_sig.find((vector) => vector.id === id);
  if (!found) throw new Error(`The vectors have no body ${id}.`);
  return found;
}
