import { randomBytes } from 'node:crypto';
import { runDoctor } from './deploy/doctor.ts';
import * as manifest from './manifest.ts';

process.exitCode = await runDoctor(manifest, process.argv.slice(2), {
  root: process.cwd(),
  processEnvironment: process.env,
  print: console.log,
  node: process.versions.node,
  random: randomBytes,
  now: () => new Date(),
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
});
