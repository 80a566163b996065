import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { CODE_FILES } from '../../built-files.ts';
import { readText } from '../machine.ts';
import { type Finding, problem, unless, warning } from './finding.ts';

const APPID = /^wx[0-9a-f]{16}$/;
/** Where the bundles come from. */
const SOURCES = ['cloudfunctions', 'scripts/manifest.ts', 'scripts/build.ts', 'package-lock.json'] as const;
const BUNDLES = 'dist/cloudfunctions';

/** The appid of the mini-program, once its owner has written it into project.config.json. */
export async function readAppid(root: string): Promise<string | undefined> {
  const { appid } = await readConfig(root);
  return appid && APPID.test(appid) ? appid : undefined;
}

/** What can be known from the project's folder. */
export async function checkProject(
  root: string,
  { environmentId, names }: { environmentId: string | undefined; names: readonly string[] },
): Promise<Finding[]> {
  return [
    ...(await checkConfig(root)),
    ...(await checkEnvironmentId(root, environmentId)),
    ...(await checkBuild(root, names)),
  ];
}

const CONFIG = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ appid: v.optional(v.string()), cloudfunctionRoot: v.optional(v.string()) }),
);

async function readConfig(root: string): Promise<v.InferOutput<typeof CONFIG>> {
  const parsed = v.safeParse(CONFIG, await readText(root, 'project.config.json'));
  return parsed.success ? parsed.output : {};
}

async function checkConfig(root: string): Promise<Finding[]> {
  const { appid, cloudfunctionRoot } = await readConfig(root);
  const name = 'project.config.json';
  const where = 'Copy it from the mini-program console, Development Settings 开发设置';
  return [
    ...unless(
      appid !== undefined && APPID.test(appid),
      problem(name, `has ${appid ? `appid ${appid}` : 'no appid'}, not wx and 16 characters. ${where}`),
    ),
    ...unless(
      cloudfunctionRoot?.replace(/\/$/, '') === BUNDLES,
      warning(name, `cloudfunctionRoot is not ${BUNDLES}/, so DevTools would upload something else`),
    ),
  ];
}

/** `engines` in package.json says which Node is enough. Nothing else can be trusted to run under an older one. */
export async function checkNode(root: string, node: string): Promise<Finding[]> {
  const wanted = /"node":\s*">=(\d+)\.(\d+)/.exec((await readText(root, 'package.json')) ?? '');
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = wanted?.slice(1).map(Number) ?? [];
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return [];
  return [
    problem('Node', `is ${node}; ${wantedMajor}.${wantedMinor} or later is needed. See https://nodejs.org`),
  ];
}

/** The mini-program and the functions must speak of the same environment. */
async function checkEnvironmentId(root: string, environmentId: string | undefined): Promise<Finding[]> {
  const path = 'miniprogram/env.ts';
  const written = /=\s*['"]([^'"]*)['"]/.exec((await readText(root, path)) ?? '')?.[1];
  if (!written || !environmentId || written === environmentId) return [];
  return [problem(path, `names the environment ${written}, and CLOUDBASE_ENV_ID is ${environmentId}`)];
}

async function checkBuild(root: string, names: readonly string[]): Promise<Finding[]> {
  const built = await Promise.all(
    names.map(async (name) => {
      const times = await Promise.all(CODE_FILES.map((file) => changedAt(join(root, BUNDLES, name, file))));
      return times.includes(undefined) ? undefined : Math.min(...times.map((time = 0) => time));
    }),
  );
  const missing = names.filter((_, index) => built[index] === undefined);
  if (missing.length > 0) return [problem(BUNDLES, `lacks ${missing.join(', ')}. Run: npm run build`)];
  const sources = await Promise.all(SOURCES.map((path) => newestBelow(join(root, path))));
  const oldest = Math.min(...built.map((time = 0) => time));
  if (Math.max(...sources) <= oldest) return [];
  return [
    warning(
      BUNDLES,
      'is older than its sources. npm run deploy builds first; for DevTools run: npm run build',
    ),
  ];
}

/** Milliseconds, or undefined where there is nothing. */
async function changedAt(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}

async function newestBelow(path: string): Promise<number> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (!entries) return (await changedAt(path)) ?? 0;
  const files = entries.filter((entry) => entry.isFile());
  const times = await Promise.all(files.map((file) => changedAt(join(file.parentPath, file.name))));
  return Math.max(0, ...times.map((time = 0) => time));
}
