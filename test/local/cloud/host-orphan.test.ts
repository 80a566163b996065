import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { hostOf, PATIENTLY } from './host-world.ts';

const PARENT = fileURLToPath(new URL('./host-orphan.fixture.ts', import.meta.url));

test('an instance ends when the local world is killed', async () => {
  const { directory } = hostOf({ pid: 'exports.main = () => process.pid;' });
  const parent = spawn(process.execPath, ['--import', 'tsx', PARENT, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void parent.kill('SIGKILL'));
  const instance = await new Promise<number>((resolve) =>
    parent.stdout.once('data', (written) => resolve(Number(written))),
  );
  expect(isAlive(instance)).toBe(true);
  parent.kill('SIGKILL');
  await expect.poll(() => isAlive(instance), PATIENTLY).toBe(false);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
