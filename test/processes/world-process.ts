import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** What a world's process is started with. */
export interface WorldRequest {
  /** The first of a row of ports. */
  readonly port: number;
  readonly openids: readonly string[];
  readonly dataDirectory?: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** What it says once. */
export type WorldMessage =
  | { readonly kind: 'ready'; readonly phone: string; readonly console: string; readonly gateway: string }
  | { readonly kind: 'port taken' }
  | { readonly kind: 'failed'; readonly why: string };

type Places = Extract<WorldMessage, { kind: 'ready' }>;

/** A child of the world: a function's process. */
export interface Kin {
  readonly pid: number;
  /** Kilobytes of memory in use. */
  readonly rss: number;
}

const FILE = fileURLToPath(new URL('./world.ts', import.meta.url));
/** What a function's process was started with; the world has other children while it bundles the pages. */
const BOOTSTRAP = 'bootstrap.cjs';
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Below the ports that a system hands out by itself. */
const PORTS = { from: 20_000, rows: 1000, each: 10 };
const PORT_TRIES_MAX = 20;

/** Starts a world on a row of ports that is free. */
export async function startWorld(options: Omit<WorldRequest, 'port'>): Promise<WorldProcess> {
  for (let at = 1; at <= PORT_TRIES_MAX; at++) {
    const port = PORTS.from + PORTS.each * ((process.pid + at * 37) % PORTS.rows);
    const world = new WorldProcess({ ...options, port });
    if (await world.start()) return world;
  }
  throw new Error(`${PORT_TRIES_MAX} rows of ports are taken.`);
}

/** A local world in a process, reached as its users reach it: over HTTP. It can be killed, and started where it was. */
export class WorldProcess {
  readonly #request: WorldRequest;
  #process: ChildProcess | undefined;
  #places: Places | undefined;
  #standing: Promise<unknown> = Promise.resolve();
  /** What it wrote on stderr: nothing, when all is well. */
  readonly complaints: string[] = [];

  constructor(request: WorldRequest) {
    this.#request = request;
  }

  /** Answers whether it started; it did not when a port is taken. */
  async start(): Promise<boolean> {
    const child = fork(FILE, [JSON.stringify(this.#request)], {
      cwd: ROOT,
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#process = child;
    child.stderr?.on('data', (chunk) => this.complaints.push(String(chunk)));
    const starting = Promise.race([
      once(child, 'message').then(([message]: WorldMessage[]) => message),
      once(child, 'exit').then(() => ({ kind: 'failed', why: this.complaints.join('') }) as const),
    ]);
    this.#standing = starting;
    const message = await starting;
    if (message?.kind === 'ready') {
      this.#places = message;
      return true;
    }
    child.kill('SIGKILL');
    if (message?.kind === 'port taken') return false;
    throw new Error(`The world does not start: ${message?.why}`);
  }

  /** Ends the world's own process without asking it, and waits until it is gone. Its functions are left to themselves. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  /** Resolves when a world that is being started is ready. */
  async ready(): Promise<void> {
    await this.#standing;
  }

  get gateway(): string {
    return this.#placesNow.gateway;
  }

  /** The functions' processes. */
  async functions(): Promise<readonly Kin[]> {
    const table = await processes();
    return table.filter(
      ({ parent, command }) => parent === this.#process?.pid && command.includes(BOOTSTRAP),
    );
  }

  /** Kilobytes, of the world's own process and of its functions together. */
  async memory(): Promise<{ readonly own: number; readonly functions: number }> {
    const table = await processes();
    const own = table.find(({ pid }) => pid === this.#process?.pid)?.rss ?? 0;
    const functions = await this.functions();
    return { own, functions: functions.reduce((sum, { rss }) => sum + rss, 0) };
  }

  /** What `wx.cloud.callFunction` and the cashier ask for; rejects when no answer comes. */
  phone(path: string, body: object): Promise<unknown> {
    return post(`${this.#placesNow.phone}__sim/${path}`, body);
  }

  /** Moves the world's clock; resolves when all that was due has run. */
  async advance(minutes: number): Promise<void> {
    await post(`${this.#placesNow.console}/api/clock`, { minutes });
  }

  get #placesNow(): Places {
    if (!this.#places) throw new Error('The world was never started.');
    return this.#places;
  }
}

async function post(url: string, body: object): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const reply = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${url}: ${reply.status} ${text.slice(0, 200)}`);
  return JSON.parse(text);
}

interface Listed extends Kin {
  readonly parent: number;
  readonly command: string;
}

async function processes(): Promise<readonly Listed[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'pid=,ppid=,rss=,args='], {
    maxBuffer: 64 * 2 ** 20,
  });
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const [pid = '', parent = '', rss = '', ...command] = line.trim().split(/\s+/);
      return { pid: Number(pid), parent: Number(parent), rss: Number(rss), command: command.join(' ') };
    });
}
