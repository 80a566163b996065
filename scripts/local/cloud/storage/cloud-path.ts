/** What of a bucket's name is the account's number; this one is nobody's. */
const ACCOUNT = '1250000000';

/** https://developers.weixin.qq.com/miniprogram/dev/wxcloudservice/wxcloud/guide/storage/naming.html */
const PATH_BYTES_MAX = 850;

/** The bucket of an environment, named as the platform names it: two of its letters in hexadecimal first. */
export function bucketOf(envId: string): string {
  return `${Buffer.from(envId.slice(0, 2)).toString('hex')}-${envId}-${ACCOUNT}`;
}

/** `cloud://<environment>.<bucket>/<path>`: how programs and pages name a file. */
export function fileIdOf(envId: string, path: string): string {
  return `cloud://${envId}.${bucketOf(envId)}/${path}`;
}

/** The path of a file of this environment; undefined for what is no file ID, or another environment's. */
export function pathOf(envId: string, fileId: string): string | undefined {
  const prefix = fileIdOf(envId, '');
  return fileId.startsWith(prefix) ? fileId.slice(prefix.length) : undefined;
}

/** Why a cloud path is none, in the words of the platform's rules; undefined for a good one. */
export function pathProblem(path: string): string | undefined {
  if (path === '') return 'cloudPath is empty';
  if (path.startsWith('/')) return 'cloudPath begins with /';
  if (path.includes('//')) return 'cloudPath has // in it';
  if (path.split('/').some((part) => part === '.' || part === '..')) return 'cloudPath has . or .. in it';
  if (hasControlCharacter(path)) return 'cloudPath has a control character in it';
  const bytes = Buffer.from(path);
  if (bytes.toString() !== path) return 'cloudPath has half a character in it';
  return bytes.length > PATH_BYTES_MAX ? `cloudPath is longer than ${PATH_BYTES_MAX} bytes` : undefined;
}

function hasControlCharacter(path: string): boolean {
  return [...path].some((character) => character < ' ' || character === '\x7f');
}
