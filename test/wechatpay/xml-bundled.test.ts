import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type * as xml from '../../cloudfunctions/_shared/wechatpay/xml.ts';
import { LEFT_OUT_OF_PARSER, leanParser } from '../../scripts/lean-parser.ts';
import { MESSAGES, NOT_MESSAGES } from './messages.ts';
import { vectors } from './vectors.ts';

const SOURCE = fileURLToPath(new URL('../../cloudfunctions/_shared/wechatpay/xml.ts', import.meta.url));

let folder: string;
let bundled: typeof xml;
let text: string;

// The reader with the parser as it goes up: without the parts that it never uses.
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'xml-'));
  const { outputFiles } = await build({
    entryPoints: [SOURCE],
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    plugins: [leanParser],
  });
  text = outputFiles[0]?.text ?? '';
  const file = path.join(folder, 'xml.mjs');
  await writeFile(file, text);
  bundled = await import(/* @vite-ignore */ pathToFileURL(file).href);
});
afterAll(() => rm(folder, { recursive: true }));

test.each(MESSAGES)('reads %s', (_what, message, fields) => {
  expect(bundled.readXml(message)).toEqual(fields);
});

test.each(vectors.xml)('reads the published message $id', ({ xml: message, parsed }) => {
  if (parsed) expect(bundled.readXml(message)).toEqual(parsed);
  else expect(Object.keys(bundled.readXml(message))).not.toEqual([]);
});

test.each(NOT_MESSAGES)('refuses %s', (_what, message) => {
  expect(() => bundled.readXml(message)).toThrow(expect.objectContaining({ code: 'XML_REFUSED' }));
});

test.each(Object.keys(LEFT_OUT_OF_PARSER))('the parser imports %s, and gets a stub', (name) => {
  expect(text).toContain(`// left-out-of-parser:${name}\n`);
  expect(text).not.toMatch(new RegExp(`^// .*node_modules/.*${path.basename(name)}`, 'm'));
});
