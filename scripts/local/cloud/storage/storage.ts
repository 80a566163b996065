import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { CloudError, parameterInvalid } from '../errors.ts';
import { fileIdOf, pathOf, pathProblem } from './cloud-path.ts';
import type { FileKeep, KeptFile } from './file-keep.ts';

/** Our own: the platform names no limit for one file, and this machine's memory holds it once. */
export const FILE_BYTES_MAX = 100 * 1024 * 1024;
/** Our own, for all files together. */
const STORAGE_BYTES_MAX = 1024 * 1024 * 1024;
const FILES_MAX = 20_000;

/**
 * The cloud storage of an environment. Its permission is what a new environment has: everybody reads, a file's creator
 * replaces and removes it, functions may everything
 * (https://docs.cloudbase.net/storage/security-rules).
 */
export class Storage {
  readonly #envId: string;
  readonly #keep: FileKeep;
  readonly #now: () => Date;
  readonly #random: () => number;
  readonly #files: Map<string, KeptFile>;
  #key: string | undefined;
  /** Where programs on this machine send and fetch files; undefined until a server listens. */
  origin: string | undefined;

  constructor({
    envId,
    keep,
    now,
    random,
  }: {
    envId: string;
    keep: FileKeep;
    now: () => Date;
    random: () => number;
  }) {
    this.#envId = envId;
    this.#keep = keep;
    this.#now = now;
    this.#random = random;
    this.#files = new Map(keep.open().map((file) => [file.path, file]));
  }

  list(): readonly KeptFile[] {
    return [...this.#files.values()];
  }

  /**
   * Keeps a file, in place of the one at its path.
   * @param openid whose phone sends it; a function's files are nobody's
   * @returns its file ID
   * @throws CloudError INVALID_PARAM for a path that is none, STORAGE_EXCEED_AUTHORITY where another's file is there,
   * STORAGE_REQUEST_FAIL when it is too large
   */
  async put(path: string, content: Buffer, openid?: string): Promise<string> {
    this.checkPath(path);
    this.#checkOwner(this.#files.get(path), openid);
    this.#checkRoom(path, content.length);
    const file = {
      path,
      size: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
      saved_at: this.#now().getTime(),
      ...(openid !== undefined && { openid }),
    };
    await this.#keep.put(file, content);
    this.#files.set(path, file);
    return fileIdOf(this.#envId, path);
  }

  /** @throws CloudError STORAGE_FILE_NONEXIST when there is none, or the ID is another environment's */
  find(fileId: string): KeptFile {
    const path = pathOf(this.#envId, fileId);
    const file = path === undefined ? undefined : this.#files.get(path);
    if (!file)
      throw new CloudError('STORAGE_FILE_NONEXIST', `storage file not exists: ${fileId.slice(0, 200)}`);
    return file;
  }

  at(path: string): KeptFile | undefined {
    return this.#files.get(path);
  }

  read(file: KeptFile): Promise<Buffer> {
    return this.#keep.read(file);
  }

  /** @throws CloudError STORAGE_FILE_NONEXIST, or STORAGE_EXCEED_AUTHORITY where it is another's */
  remove(fileId: string, openid?: string): void {
    const file = this.find(fileId);
    this.#checkOwner(file, openid);
    this.#keep.remove(file.path);
    this.#files.delete(file.path);
  }

  /** @throws CloudError INVALID_PARAM */
  checkPath(path: string): void {
    const problem = pathProblem(path);
    if (problem !== undefined) throw parameterInvalid(`[InvalidParameter] ${problem}`);
  }

  /** Proves that the cloud allowed this path to be written. */
  signatureOf(path: string): string {
    this.#key ??= Array.from({ length: 32 }, () => Math.floor(this.#random() * 16).toString(16)).join('');
    return createHmac('sha1', this.#key).update(path).digest('hex');
  }

  isSigned(path: string, signature: string): boolean {
    const [given, right] = [Buffer.from(signature), Buffer.from(this.signatureOf(path))];
    return given.length === right.length && timingSafeEqual(given, right);
  }

  /** A file that no phone sent is an administrator's: no shopper replaces or removes it. */
  #checkOwner(file: KeptFile | undefined, openid: string | undefined): void {
    if (!file || openid === undefined || file.openid === openid) return;
    throw new CloudError('STORAGE_EXCEED_AUTHORITY', 'storage permission denied');
  }

  #checkRoom(path: string, size: number): void {
    const others = this.list().filter((file) => file.path !== path);
    const sum = others.reduce((bytes, file) => bytes + file.size, size);
    const problem =
      size > FILE_BYTES_MAX
        ? `a file has ${FILE_BYTES_MAX} bytes at most here`
        : sum > STORAGE_BYTES_MAX || others.length >= FILES_MAX
          ? `the local cloud keeps ${FILES_MAX} files of ${STORAGE_BYTES_MAX} bytes in all`
          : undefined;
    if (problem !== undefined) throw new CloudError('STORAGE_REQUEST_FAIL', `[EntityTooLarge] ${problem}`);
  }
}
