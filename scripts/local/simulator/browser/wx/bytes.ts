import { bytesOf, textOf } from '../files/encoding.ts';

/** Bytes as text and back, as WeChat has had them from the start. */
export const BYTE_APIS = {
  arrayBufferToBase64: (buffer: ArrayBuffer) => textOf(new Uint8Array(buffer), 'base64'),
  base64ToArrayBuffer: (text: string) => bytesOf(text, 'base64').buffer,
};
