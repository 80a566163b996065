/** Our bundles are built for Node 18 and later. */
const NODE_MAJOR_MIN = 18;

/** Whether a function that was created on this runtime can run our code: `Nodejs18.15` and later. */
export function canRunOurs(runtime: string): boolean {
  const [, major] = /^Nodejs(\d+)\.\d+$/.exec(runtime) ?? [];
  return Number(major) >= NODE_MAJOR_MIN;
}
