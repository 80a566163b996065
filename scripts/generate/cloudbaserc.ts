import type { FunctionManifest } from '../manifest.ts';

/**
 * What the CloudBase CLI reads. It names no variables: they are set by the deployment, and the CLI would replace the whole
 * set by its own. The environment comes from `.env`, as in the deployment.
 */
export function renderCloudbaserc({
  functions,
  runtime,
}: {
  readonly functions: readonly FunctionManifest[];
  readonly runtime: string;
}): string {
  const config = {
    version: '2.0',
    envId: '{{env.CLOUDBASE_ENV_ID}}',
    functionRoot: 'dist/cloudfunctions',
    functions: functions.map(({ name, timeout, memorySize, trigger }) => ({
      name,
      handler: 'index.main',
      runtime,
      timeout,
      memorySize,
      installDependency: false,
      ...(trigger ? { triggers: [{ name: trigger.name, type: 'timer', config: trigger.config }] } : {}),
    })),
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
