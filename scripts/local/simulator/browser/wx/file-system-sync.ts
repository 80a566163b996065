import { ApiFailure, type Options } from './failure.ts';

/** One API of the file system: it throws ApiFailure. */
export type FileOperation = (options: Options) => unknown;

/** The parameters of the forms that end in Sync, in their order, and what of the answer they return. */
const SYNC: Readonly<Record<string, readonly [parameters: readonly string[], answer?: string]>> = {
  access: [['path']],
  readFile: [['filePath', 'encoding', 'position', 'length'], 'data'],
  writeFile: [['filePath', 'data', 'encoding']],
  appendFile: [['filePath', 'data', 'encoding']],
  truncate: [['filePath', 'length']],
  copyFile: [['srcPath', 'destPath']],
  rename: [['oldPath', 'newPath']],
  unlink: [['filePath']],
  mkdir: [['dirPath', 'recursive']],
  rmdir: [['dirPath', 'recursive']],
  readdir: [['dirPath'], 'files'],
  stat: [['path', 'recursive'], 'stats'],
  saveFile: [['tempFilePath', 'filePath'], 'savedFilePath'],
};

/** The forms that answer at once, and throw what the others hand to `fail`. */
export function synchronous(operations: Readonly<Record<string, FileOperation>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(SYNC).map(([name, [parameters, answer]]) => [
      `${name}Sync`,
      (...values: readonly unknown[]) => {
        const given = parameters.map((parameter, at) => [parameter, values[at]]);
        try {
          const result = operations[name]?.(Object.fromEntries(given));
          return answer === undefined ? undefined : Object(result)[answer];
        } catch (error) {
          if (!(error instanceof ApiFailure)) throw error;
          const errMsg = `${name}Sync:fail ${error.message}`;
          throw Object.assign(new Error(errMsg), { errMsg, ...error.fields });
        }
      },
    ]),
  );
}
