import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { WorldClock } from '../../../scripts/local/clock.ts';
import { FunctionHost, type HostOptions } from '../../../scripts/local/cloud/host.ts';
import { Trace } from '../../../scripts/local/trace.ts';
import type { FunctionManifest } from '../../../scripts/manifest.ts';

/** Real processes start late on a machine that is busy with something else. */
export const PATIENTLY = { timeout: 10_000 };
vi.setConfig({ testTimeout: 20_000 });

export const SHOPPER = { openid: 'oAda', appid: 'wx0000000000000001' };
export const ENV_ID = 'local-1';

/** A function as a test writes it: the body of index.js, and what differs from an ordinary manifest entry. */
export type Source = string | ({ code: string; config?: unknown } & Partial<FunctionManifest>);

/** A host of functions written by the test, in real processes; everything ends with the test. */
export function hostOf(
  sources: Readonly<Record<string, Source>>,
  options: Partial<HostOptions> & { clock?: WorldClock } = {},
) {
  const directory = mkdtempSync(join(tmpdir(), 'functions-'));
  const functions = Object.entries(sources).map(([name, source]) => write(directory, name, source));
  const clock = options.clock ?? new WorldClock();
  const trace = new Trace(() => clock.now());
  const host = new FunctionHost({
    clock,
    trace,
    functions,
    directory,
    envId: ENV_ID,
    baseEnv: { SCF_NAMESPACE: ENV_ID },
    ...options,
  });
  onTestFinished(async () => {
    clock.dispose();
    await host.close();
    rmSync(directory, { recursive: true });
  });
  return { host, clock, trace, directory, functions };
}

function write(directory: string, name: string, source: Source): FunctionManifest {
  const { code, config, ...manifest } =
    typeof source === 'string' ? { code: source, config: undefined } : source;
  mkdirSync(join(directory, name));
  writeFileSync(join(directory, name, 'index.js'), code);
  if (config !== undefined) writeFileSync(join(directory, name, 'config.json'), JSON.stringify(config));
  return { name, timeout: 10, memorySize: 256, environment: [], invoke: 'shoppers', ...manifest };
}
