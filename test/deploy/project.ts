import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { functions } from '../../scripts/manifest.ts';
import { SECRET } from './stand-in.ts';
import { ENVIRONMENT_ID } from './stand-in-account.ts';

export const API_KEY = 'k3yk3yk3yk3yk3yk3yk3yk3yk3yk3y32';

export const VARIABLES: Readonly<Record<string, string>> = {
  CLOUDBASE_ENV_ID: ENVIRONMENT_ID,
  TENCENTCLOUD_SECRETID: SECRET.id,
  TENCENTCLOUD_SECRETKEY: SECRET.key,
  WECHAT_PAY_MCH_ID: '1900000109',
  WECHAT_PAY_API_KEY: API_KEY,
};

const NOTIFY_CODE = `exports.main = async () => ({
  statusCode: 401,
  body: '<xml><return_code><![CDATA[FAIL]]></return_code></xml>',
});
`;

/** A project in a folder of its own, with tiny functions, as a clone is after npm install. */
export class Project {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(variables: Readonly<Record<string, string>> = VARIABLES): Promise<Project> {
    const project = new Project(await mkdtemp(join(tmpdir(), 'project-')));
    await project.write('.env', renderEnv(variables));
    await project.write('scripts/products.json', JSON.stringify([product('city'), product('market')]));
    for (const { name } of functions) {
      const code = name === 'payNotify' ? NOTIFY_CODE : `exports.main = async () => '${name}';\n`;
      await project.write(`dist/cloudfunctions/${name}/index.js`, code);
      await project.write(`dist/cloudfunctions/${name}/sdk.js`, '// the SDK\n');
      await project.write(`dist/cloudfunctions/${name}/package.json`, `{"name":"${name}"}\n`);
      await project.write(`dist/cloudfunctions/${name}/config.json`, '{"permissions":{"openapi":[]}}\n');
    }
    return project;
  }

  async write(path: string, contents: string | Uint8Array): Promise<void> {
    const target = join(this.folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, contents);
  }

  remove(path: string): Promise<void> {
    return rm(join(this.folder, path));
  }

  dispose(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  /** Runs one of our scripts in this project, with the vendors' code as it is and the stand-in for a cloud. */
  run(script: string, args: readonly string[], standIn: { readonly port: number }): Promise<Outcome> {
    return this.node(
      [
        '--import',
        import.meta.resolve('tsx'),
        fileURLToPath(new URL(`../../scripts/${script}`, import.meta.url)),
        ...args,
      ],
      standIn,
    );
  }

  async node(args: readonly string[], standIn: { readonly port: number }): Promise<Outcome> {
    const child = spawn(process.execPath, args, {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HOME: this.folder,
        NO_COLOR: '1',
        NODE_OPTIONS: `--require=${fileURLToPath(new URL('shim.cjs', import.meta.url))}`,
        STAND_IN_PORT: String(standIn.port),
      },
    });
    const [code, out, err] = await Promise.all([
      new Promise<number | null>((resolve) => child.on('close', resolve)),
      text(child.stdout),
      text(child.stderr),
    ]);
    return { code, output: out + err };
  }
}

/** A product that can be sold. */
export const product = (_id: string) => ({
  _id,
  name: '城市版',
  description: '',
  options: [{ months: 3, total_fee: 4800 }],
  on_sale: true,
  channel: 'wechatpay',
});

export interface Outcome {
  readonly code: number | null;
  /** What was printed, standard output first. */
  readonly output: string;
}

export const renderEnv = (variables: Readonly<Record<string, string>>): string =>
  Object.entries(variables)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
