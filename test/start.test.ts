import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { PORT, readOptions } from '../scripts/start/options.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PATIENTLY = { timeout: 20_000 };
const running: ChildProcess[] = [];

afterEach(() => {
  for (const child of running.splice(0)) endGroup(child);
});

/** A command as a terminal starts it: in a group of processes of its own, whom Ctrl-C reaches all together. */
class Started {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  stdout = '';
  stderr = '';

  constructor(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    const env = { ...process.env, TENCENTCLOUD_SECRETID: '', ...environment };
    this.child = spawn(command, args, { cwd: ROOT, detached: true, env, stdio: ['ignore', 'pipe', 'pipe'] });
    running.push(this.child);
    this.child.stdout?.on('data', (chunk) => {
      this.stdout += chunk;
    });
    this.child.stderr?.on('data', (chunk) => {
      this.stderr += chunk;
    });
    this.ended = new Promise((resolve) => this.child.once('close', resolve));
  }

  /** What the line of --json says, once it is there. */
  async ready(): Promise<Readonly<Record<string, string>>> {
    await expect.poll(() => this.stdout, PATIENTLY).toContain('\n');
    return JSON.parse(this.stdout);
  }
}

const start = (args: readonly string[], environment?: NodeJS.ProcessEnv) =>
  new Started(process.execPath, ['--import', 'tsx', 'scripts/start.ts', ...args], environment);

describe('npm start is refused', () => {
  test.each([
    [['--port', 'abc'], 'from 0 to 65500'],
    [['--port'], '--port'],
  ])('with %j, saying what is meant', (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });

  test('with an option that there is not, on stderr', async () => {
    const started = start(['--prot', '0']);
    expect(await started.ended).toBe(1);
    expect(started.stderr).toContain("Unknown option '--prot'");
    expect(started.stdout).toBe('');
  });

  test('beside credentials that look real, without showing them', async () => {
    const started = start(['--json'], { TENCENTCLOUD_SECRETID: 'AKIDlooksreal' });
    expect(await started.ended).toBe(1);
    expect(started.stderr).toContain('TENCENTCLOUD_SECRETID looks real');
    expect(started.stderr + started.stdout).not.toContain('AKIDlooksreal');
  });

  test('on a port that is taken, with the way out', async () => {
    const taken = createServer();
    // Below the ports that a system hands out by itself: the row that follows must be free but for this one.
    const port = String(20_000 + 10 * (process.pid % 1000));
    await new Promise<void>((resolve, reject) => {
      taken.once('error', reject);
      taken.listen(Number(port), '127.0.0.1', resolve);
    });
    const started = start(['--json', '--port', port]);
    expect(await started.ended).toBe(1);
    taken.close();
    expect(started.stderr).toContain(`Port ${port} is taken. Choose another with --port, or --port 0`);
  });
});

test('where the usual ports are taken it says so, and takes others', async () => {
  const taken = createServer();
  // Where somebody else has it already, it is as taken as it is to be.
  await new Promise<void>((resolve) => {
    taken.once('error', () => resolve());
    taken.listen(PORT, '127.0.0.1', resolve);
  });
  const started = start([]);
  await expect.poll(() => started.stdout, PATIENTLY).toContain('Ready in');
  taken.close();
  expect(started.stdout).toMatch(/Port 76\d\d is taken: this world starts again on ports that are free/);
  expect(started.stdout).not.toContain(`Open http://127.0.0.1:${PORT} `);
});

test('--json prints one line, and Ctrl-C ends every process of it', async () => {
  const started = start(['--json', '--port', '0']);
  const { http = '' } = await started.ready();
  await fetch(`${http}/payNotify`, { method: 'POST', body: 'so that a function runs' });
  signalGroup(started.child, 'SIGINT');
  expect(await started.ended).toBe(0);
  await expect.poll(() => signalGroup(started.child, 0), PATIENTLY).toBe(false);
  expect(started.stdout.trimEnd().split('\n')).toHaveLength(1);
  expect(started.stderr).toBe('');
});

// The shell that npm puts in between dies of the signal and does not pass it on.
test.skipIf(process.platform === 'win32')(
  'it ends when npm is ended, and leaves nothing behind',
  async () => {
    const started = new Started('npm', ['start', '--silent', '--', '--json', '--port', '0']);
    await started.ready();
    started.child.kill('SIGTERM');
    await expect.poll(() => signalGroup(started.child, 0), PATIENTLY).toBe(false);
  },
);

function endGroup(child: ChildProcess): void {
  signalGroup(child, 'SIGKILL');
}

/** Answers whether there was anybody to receive it. */
function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}
