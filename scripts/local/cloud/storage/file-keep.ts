/** A file of the cloud storage. */
export interface KeptFile {
  readonly path: string;
  readonly size: number;
  /** Names its content, which never changes under that name. */
  readonly sha256: string;
  /** By the world's clock, in milliseconds. */
  readonly saved_at: number;
  /** Whose phone it came from; left out for a function's. */
  readonly openid?: string;
}

/** Where files are kept. */
export interface FileKeep {
  /** What was kept so far. Called once, before anything else. */
  open(): readonly KeptFile[];
  /** Resolves when the file is safe, in place of any other at its path. */
  put(file: KeptFile, content: Buffer): Promise<void>;
  remove(path: string): void;
  read(file: KeptFile): Promise<Buffer>;
}

/** Files that live as long as the process. */
export function memoryFiles(): FileKeep {
  const contents = new Map<string, Buffer>();
  return {
    open: () => [],
    async put({ path }, content) {
      contents.set(path, content);
    },
    remove: (path) => void contents.delete(path),
    async read({ path }) {
      const content = contents.get(path);
      if (!content) throw new Error(`${path} is not kept.`);
      return content;
    },
  };
}
