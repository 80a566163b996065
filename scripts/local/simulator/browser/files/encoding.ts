/** The encodings that a phone's file system knows. */
const ENCODINGS = {
  utf8: 'utf8',
  'utf-8': 'utf8',
  ascii: 'latin1',
  latin1: 'latin1',
  binary: 'latin1',
  base64: 'base64',
  hex: 'hex',
  ucs2: 'utf16le',
  'ucs-2': 'utf16le',
  utf16le: 'utf16le',
  'utf-16le': 'utf16le',
} as const;

export type Encoding = keyof typeof ENCODINGS;

export function isEncoding(name: unknown): name is Encoding {
  return typeof name === 'string' && Object.hasOwn(ENCODINGS, name);
}

export function textOf(bytes: Uint8Array, encoding: Encoding): string {
  switch (ENCODINGS[encoding]) {
    case 'utf8':
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    case 'utf16le':
      return new TextDecoder('utf-16le', { ignoreBOM: true }).decode(bytes);
    case 'latin1':
      return characters(bytes);
    case 'base64':
      return btoa(characters(bytes));
    case 'hex':
      return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }
}

/** What is no base64 or hexadecimal is left out, as far as it goes. */
export function bytesOf(text: string, encoding: Encoding): Uint8Array<ArrayBuffer> {
  switch (ENCODINGS[encoding]) {
    case 'utf8':
      return new TextEncoder().encode(text);
    case 'utf16le':
      return new Uint8Array(Uint16Array.from(text, (character) => character.charCodeAt(0)).buffer);
    case 'latin1':
      return Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);
    case 'base64':
      return Uint8Array.from(decoded(text), (character) => character.charCodeAt(0));
    case 'hex':
      return Uint8Array.from(text.match(/[0-9a-f]{2}/gi) ?? [], (pair) => Number.parseInt(pair, 16));
  }
}

function decoded(text: string): string {
  try {
    return atob(text.replace(/\s/g, ''));
  } catch {
    return '';
  }
}

/** In pieces: a call takes so many arguments and not more. */
function characters(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return text;
}
