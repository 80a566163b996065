import { existsSync } from 'node:fs';
import { join } from 'node:path';

const HOW = 'npm ci --prefix test/third-party';

/**
 * Whether a third-party package is there. Where it is not, its tests are to be skipped: loudly, and not on a machine
 * that checks for others.
 */
export function isInstalled(name: string): boolean {
  if (existsSync(join(import.meta.dirname, 'node_modules', name, 'package.json'))) return true;
  if (process.env.CI) throw new Error(`${name} is not installed: ${HOW}`);
  console.warn(`SKIPPED: ${name} is not installed, so nothing was tried with it. ${HOW}`);
  return false;
}
