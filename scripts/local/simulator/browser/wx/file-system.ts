import type { PhoneFiles } from '../files/phone-files.ts';
import { api } from './api.ts';
import { fail, text } from './failure.ts';
import { fileOperations, type ReadPackage, seconds, sizeOf } from './file-operations.ts';
import { synchronous } from './file-system-sync.ts';
import { refuseUnknown } from './refuse-unknown.ts';

/** The phone's FileSystemManager, with the phone's words. */
export function fileSystemApis(files: PhoneFiles, readPackage: ReadPackage) {
  const operations = fileOperations(files, readPackage);
  const manager = refuseUnknown('FileSystemManager', {
    ...Object.fromEntries(Object.entries(operations).map(([name, run]) => [name, api(name, run)])),
    ...synchronous(operations),
  });
  return {
    getFileSystemManager: () => manager,
    saveFile: api('saveFile', operations.saveFile),
    getFileInfo: api('getFileInfo', operations.getFileInfo),
    getSavedFileList: api('getSavedFileList', operations.getSavedFileList),
    removeSavedFile: api('removeSavedFile', operations.removeSavedFile),
    getSavedFileInfo: api('getSavedFileInfo', (options) => {
      const path = text(options, 'filePath');
      const found = files.saved().find(([each]) => each === path)?.[1];
      return found ? { size: sizeOf(found), createTime: seconds(found) } : fail('file not exist');
    }),
  };
}
