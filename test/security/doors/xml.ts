import type { Attack, Door } from '../attack.ts';
import { noticeOf, post, type ShopUnderAttack, signed } from '../shop-under-attack.ts';
import { fails, openQuiet } from './notices.ts';

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';

/** How deep, or how often, a reader without a bound could be sent. */
const MANY = 2000;

/** Fields of a notice as markup, each validly signed: what is hostile is only the way in which it is written. */
function markup({ shop, unpaid }: ShopUnderAttack): Map<string, string> {
  const fields = Object.entries(signed(noticeOf(shop, unpaid)));
  return new Map(fields.map(([name, value]) => [name, `<${name}>${value}</${name}>`]));
}

type Write = (fields: string, place: ShopUnderAttack) => string;

/** A notice whose fields are right and signed, with something around or between them. */
const written = (name: string, write: Write): Attack<ShopUnderAttack> => ({
  name,
  answered: fails(400),
  send: (place) => post(place, write([...markup(place).values()].join(''), place)),
});

/** A notice in which one field is written differently. */
const field = (name: string, which: string, write: (value: string) => string): Attack<ShopUnderAttack> => ({
  name,
  answered: fails(400),
  send: (place) => {
    const fields = markup(place);
    fields.set(which, write(noticeValue(place, which)));
    return post(place, `<xml>${[...fields.values()].join('')}</xml>`);
  },
});

const noticeValue = (place: ShopUnderAttack, name: string) =>
  signed(noticeOf(place.shop, place.unpaid))[name] ?? '';

/** What whoever knows the address can write so that two readers would understand two things. */
export const xml: Door<ShopUnderAttack> = {
  name: 'payNotify, by the way in which a validly signed notice is written',
  open: openQuiet,
  attacks: [
    written('an entity that grows a thousandfold', (fields) => {
      const entities = Array.from({ length: 9 }, (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`);
      return `<!DOCTYPE xml [<!ENTITY e0 "e">${entities.join('')}]><xml>${fields}<x>&e9;</x></xml>`;
    }),
    written(
      'an entity that reads a file',
      (fields) =>
        `<!DOCTYPE xml [<!ENTITY file SYSTEM "file:///etc/passwd">]><xml>${fields}<x>&file;</x></xml>`,
    ),
    written(
      'an entity that asks a server',
      (fields) => `<!DOCTYPE xml [<!ENTITY x SYSTEM "http://127.0.0.1:1/x">]><xml>${fields}<x>&x;</x></xml>`,
    ),
    written(
      'a parameter entity',
      (fields) => `<!DOCTYPE xml [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]><xml>${fields}</xml>`,
    ),
    written(
      'a document type of elsewhere',
      (fields) => `<!DOCTYPE xml SYSTEM "http://127.0.0.1:1/x.dtd"><xml>${fields}</xml>`,
    ),
    written(
      'a document type behind a comment',
      (fields) => `${DECLARATION}<!-- --><!DOCTYPE xml><xml>${fields}</xml>`,
    ),
    written('an entity that nobody declared', (fields) => `<xml>${fields}<x>&file;</x></xml>`),
    written(
      'an inclusion',
      (fields) =>
        `<xml xmlns:xi="http://www.w3.org/2001/XInclude">${fields}<xi:include href="file:///etc/passwd"/></xml>`,
    ),
    written('a namespace', (fields) => `<n:xml xmlns:n="n">${fields}</n:xml>`),
    written('an attribute of the root', (fields) => `<xml id="1">${fields}</xml>`),
    written('another root', (fields) => `<XML>${fields}</XML>`),
    written('two roots', (fields) => `<xml>${fields}</xml><xml>${fields}</xml>`),
    written('a root within the root', (fields) => `<xml><xml>${fields}</xml></xml>`),
    written('a second declaration', (fields) => `${DECLARATION}${DECLARATION}<xml>${fields}</xml>`),
    written('text behind the root', (fields) => `<xml>${fields}</xml>paid`),
    written('text between fields', (fields) => `<xml>paid${fields}</xml>`),
    written(
      'an order in a comment',
      (fields) => `<xml><!-- <out_trade_no>1</out_trade_no> -->${fields}</xml>`,
    ),
    written(
      'fields within a field',
      (fields, place) =>
        `<xml>${fields}<x><total_fee>${noticeValue(place, 'total_fee')}</total_fee></x></xml>`,
    ),
    written(
      'an amount twice, the wrong one last',
      (fields) => `<xml>${fields}<total_fee>1</total_fee></xml>`,
    ),
    written(
      'an amount twice, the wrong one first',
      (fields) => `<xml><total_fee>1</total_fee>${fields}</xml>`,
    ),
    written('a sign twice', (fields) => `<xml>${fields}<sign>${'0'.repeat(64)}</sign></xml>`),
    written('an empty field twice', (fields) => `<xml>${fields}<x/><x></x></xml>`),
    ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', '__defineGetter__'].map((name) =>
      written(`a field named ${name}`, (fields) => `<xml>${fields}<${name}>1</${name}></xml>`),
    ),
    written(`${MANY} fields more`, (fields) => {
      return `<xml>${fields}${Array.from({ length: MANY }, (_, i) => `<f${i}/>`).join('')}</xml>`;
    }),
    written(`${MANY} fields in each other`, (fields) => {
      return `<xml>${fields}${'<f>'.repeat(MANY)}${'</f>'.repeat(MANY)}</xml>`;
    }),
    written('no end', (fields) => `<xml>${fields}`),
    written('an end too many', (fields) => `<xml>${fields}</xml></xml>`),
    written('a control character', (fields) => `<xml>${fields}<x>\u0000</x></xml>`),
    written('a terminal code', (fields) => `<xml>${fields}<x>\u001b[2J</x></xml>`),
    written('half a character', (fields) => `<xml>${fields}<x>&#xD800;</x></xml>`),
    written('a character beyond Unicode', (fields) => `<xml>${fields}<x>&#x110000;</x></xml>`),
    written('a space that is none in XML', (fields) => `<xml>\u00a0${fields}</xml>`),
    written('two byte order marks', (fields) => `\uFEFF\uFEFF<xml>${fields}</xml>`),
    field('a comment that cuts the order number', 'out_trade_no', (value) => {
      return `<out_trade_no>${value.slice(0, 8)}<!-- -->${value.slice(8)}</out_trade_no>`;
    }),
    field('an instruction that cuts the amount', 'total_fee', (value) => {
      return `<total_fee>${value.slice(0, 1)}<?x ?>${value.slice(1)}</total_fee>`;
    }),
    field('an attribute of a field', 'total_fee', (value) => `<total_fee type="int">${value}</total_fee>`),
    field('a field that ends as another', 'total_fee', (value) => `<total_fee>${value}</cash_fee>`),
    field('a field in capitals', 'out_trade_no', (value) => `<OUT_TRADE_NO>${value}</OUT_TRADE_NO>`),
    field('a look-alike letter in a name', 'openid', (value) => `<οpenid>${value}</οpenid>`),
    field('CDATA that is not closed', 'openid', (value) => `<openid><![CDATA[${value}</openid>`),
    field('CDATA within CDATA', 'openid', (value) => {
      return `<openid><![CDATA[<![CDATA[${value}]]>]]></openid>`;
    }),
    {
      name: 'bytes that spell < in too many',
      // HTTP access makes text of it, with a mark in the place of what is none: a text that nobody signed.
      answered: fails(401),
      send: (place) => {
        const fields = [...markup(place).values()].join('');
        const parts = ['<xml>', fields, '<x>'].map((text) => Buffer.from(text));
        const overlong = Buffer.from([0xc0, 0xbc]);
        return post(place, new Uint8Array(Buffer.concat([...parts, overlong, Buffer.from('</x></xml>')])));
      },
    },
  ],
};
