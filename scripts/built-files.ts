/** What the build puts into the folder of each function. The build, the deployment and its tests go by these lists. */

/** The code: ours, and the SDK that it requires. A function is the same as ours in the cloud where these files are. */
export const CODE_FILES = ['index.js', 'sdk.js'] as const;

/** What goes up. */
export const UPLOADED_FILES = [...CODE_FILES, 'package.json'] as const;

/** config.json is for DevTools and the local world, which read the timer from the folder. */
export const FOLDER_FILES: readonly string[] = [...UPLOADED_FILES, 'config.json'];
