/** How api.weixin.qq.com spells what it makes up. `random` answers like Math.random. */
export type Random = () => number;

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const HEX = '0123456789abcdef';

/** A login code: 32 letters and digits that begin with 0, as phones get them. */
export function newCode(random: Random): string {
  return `0${pick(`${LETTERS}0123456789`, 31, random)}`;
}

/** 16 bytes as base64, always 24 characters that end in `==`. */
export function newSessionKey(random: Random): string {
  return Buffer.from(Array.from({ length: 16 }, () => Math.floor(random() * 256))).toString('base64');
}

/** The documents ask for room for 512 characters; real ones have some 130 to 160. */
export function newAccessToken(random: Random): string {
  return pick(`${LETTERS}0123456789-_`, 138, random);
}

/** Names one request, for whoever asks WeChat's staff about it. */
export function newRid(random: Random): string {
  return [8, 8, 8].map((length) => pick(HEX, length, random)).join('-');
}

export function pick(alphabet: string, count: number, random: Random): string {
  return Array.from({ length: count }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
}
