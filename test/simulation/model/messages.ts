import { createHash, createHmac } from 'node:crypto';
import type { Chance } from '../chance.ts';

export type Fields = Record<string, string>;

/** Non-empty fields by name, `k=v` joined by `&`, the key at the end, upper-case hex (security rules, 4011985891). */
export function signatureOf(fields: Fields, key: string, sign_type: string): string {
  const names = Object.keys(fields).sort();
  let text = '';
  for (const name of names) if (name !== 'sign' && fields[name] !== '') text += `${name}=${fields[name]}&`;
  text += `key=${key}`;
  const digest =
    sign_type === 'HMAC-SHA256' ? createHmac('sha256', key).update(text) : createHash('md5').update(text);
  return digest.digest('hex').toUpperCase();
}

/** One flat level inside <xml>, in CDATA or bare; what else may be in XML is no message. Undefined when it is none. */
export function fieldsOf(xml: string): Fields | undefined {
  const [, inside] = /^\s*<xml>([\s\S]*)<\/xml>\s*$/.exec(xml) ?? [];
  if (inside === undefined) return undefined;
  const fields: Fields = {};
  const rest = inside.replace(
    /<(\w+)>(?:<!\[CDATA\[([\s\S]*?)\]\]>|([^<]*))<\/\1>/g,
    (_, name: string, quoted?: string, bare?: string) => {
      fields[name] = quoted ?? unescaped(bare ?? '');
      return '';
    },
  );
  return rest.trim() === '' ? fields : undefined;
}

/** In an order of its own each time: nobody may rely on one. */
export function xmlOf(fields: Fields, chance: Chance): string {
  const entries = Object.entries(fields).filter(([, value]) => value !== '');
  const first = chance.whole(0, entries.length);
  const turned = [...entries.slice(first), ...entries.slice(0, first)];
  const written = turned.map(([name, value]) => {
    const isBare = /^\d+$/.test(value) && chance.happens(0.5);
    return `<${name}>${isBare ? value : `<![CDATA[${value}]]>`}</${name}>`;
  });
  return `<xml>${written.join(chance.happens(0.5) ? '\n' : '')}</xml>`;
}

/** yyyyMMddHHmmss in Beijing. */
export function spelled(moment: number): string {
  return new Date(moment + 8 * 3_600_000).toISOString().slice(0, 19).replace(/\D/g, '');
}

export function readMoment(text: string): number {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text) ?? [];
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map(Number);
  return Date.UTC(year, month - 1, day, hour - 8, minute, second);
}

function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}
