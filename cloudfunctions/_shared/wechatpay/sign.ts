export type SignType = 'MD5' | 'HMAC-SHA256';
