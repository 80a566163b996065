import { expect, test } from 'vitest';
import { EVENT_BYTES_MAX, TRACE_BYTES_MAX, Trace } from '../../scripts/local/trace.ts';

const MEGABYTE = 2 ** 20;

function traceOf(...payloads: unknown[]) {
  const trace = new Trace(() => new Date(0));
  for (const payload of payloads) {
    trace.record({ from: 'function', to: 'wechatpay', kind: 'call', label: 'notice', payload });
  }
  return trace;
}

const kept = (payload: unknown) => traceOf(payload).since()[0]?.payload;

test.each([
  [{ out_trade_no: '1', list: [1, { deep: [null, true] }] }],
  ['a text'],
  [{ body: 'x'.repeat(EVENT_BYTES_MAX - 100) }],
  [undefined],
  [null],
])('what is short is kept as it is: %j', (payload) => {
  expect(kept(payload)).toEqual(payload);
});

test('a body that is cut says so, and what is beside it is whole', () => {
  const headers = { 'content-type': 'text/xml' };
  const payload = kept({ path: '/', headers, body: 'x'.repeat(4 * MEGABYTE), isBase64Encoded: false });
  expect(payload).toMatchObject({ path: '/', headers, isBase64Encoded: false });
  expect(payload).toHaveProperty(
    'body',
    expect.stringMatching(/^\(cut: 4194304 characters in all\) x{1000,}…$/),
  );
});

test('a list that is cut becomes text, so that nobody counts what is left of it', () => {
  const list = Array.from({ length: 1000 }, (_, number) => ({ number }));
  expect(kept({ data: { list }, requestId: 'r' })).toEqual({
    data: { list: expect.stringMatching(/^\(cut: 14891 characters in all\) \[\{"number":0\},.*…$/) },
    requestId: 'r',
  });
});

test.each<[about: string, payload: unknown]>([
  ['one long text', 'x'.repeat(4 * MEGABYTE)],
  ['text that JSON spells at length', '\u0001'.repeat(MEGABYTE)],
  ['Chinese text', { body: '好'.repeat(MEGABYTE) }],
  ['a hundred long fields', Object.fromEntries(Array.from({ length: 100 }, (_, n) => [n, 'x'.repeat(9999)]))],
  ['many fields', Object.fromEntries(Array.from({ length: 99_999 }, (_, n) => [n, n]))],
  ['long names', { ['x'.repeat(MEGABYTE)]: 'x'.repeat(MEGABYTE) }],
  ['bytes', { requestData: Buffer.alloc(MEGABYTE) }],
  ['a list of long texts', Array.from({ length: 99 }, () => 'x'.repeat(9999))],
  ['what lies ten thousand deep', JSON.parse('['.repeat(10_000) + ']'.repeat(10_000))],
])('%s takes no more than an event may, and says that it was cut', (_, payload) => {
  const text = JSON.stringify(kept(payload));
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(EVENT_BYTES_MAX);
  expect(text).toContain('(cut: ');
});

test('thirty bodies of 4 MB do not stay, and neither do the oldest of many long ones', () => {
  const bodies = Array.from({ length: 30 }, () => ({ body: 'x'.repeat(4 * MEGABYTE) }));
  expect(JSON.stringify(traceOf(...bodies).since()).length).toBeLessThan(30 * (EVENT_BYTES_MAX + 200));

  const many = traceOf(
    ...Array.from({ length: 1500 }, () => ({ body: 'x'.repeat(EVENT_BYTES_MAX) })),
  ).since();
  const bytes = many.reduce((sum, { payload }) => sum + JSON.stringify(payload).length, 0);
  expect(bytes).toBeLessThanOrEqual(TRACE_BYTES_MAX);
  expect(bytes).toBeGreaterThan(TRACE_BYTES_MAX - 2 * EVENT_BYTES_MAX);
  expect(many.at(-1)?.seq).toBe(1500);
});

test('a label is kept short too: a collection may be called anything', () => {
  const trace = new Trace(() => new Date(0));
  trace.record({ from: 'function', to: 'database', kind: 'call', label: `get ${'x'.repeat(MEGABYTE)}` });
  expect(trace.since()[0]?.label).toMatch(/^get x{196}$/);
});
