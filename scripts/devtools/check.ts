/** npm run check:devtools [-- --faults]. Exit code 1 when the project has a problem, or a fault goes unnoticed. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pMap from 'p-map';
import type { Checker } from './checkers/checker.ts';
import { declared } from './checkers/declared.ts';
import { miniprogramCi } from './checkers/miniprogram-ci.ts';
import { templates } from './checkers/templates.ts';
import { types } from './checkers/types.ts';
import { wcc, wcsc } from './checkers/wcc-wcsc.ts';
import { type Fault, faults } from './faults.ts';

const PROJECT = path.resolve(import.meta.dirname, '../..');
/** What a copy needs to be compiled like the original. */
const PROJECT_FILES = ['miniprogram', 'cloudfunctions/_shared', 'project.config.json', 'tsconfig.json'];
const FAULTS_AT_ONCE = 3;

/** The quickest first: a fault is looked for until someone finds it. */
const checkers: readonly Checker[] = [templates, wcc, wcsc, declared, types, miniprogramCi];

install();
const isSound = await checkProject();
const isWatchful = !process.argv.includes('--faults') || (await checkFaults());
process.exitCode = isSound && isWatchful ? 0 : 1;

function install(): void {
  if (existsSync(path.join(import.meta.dirname, 'node_modules'))) return;
  console.log('check:devtools installs its compilers once (280 MB)');
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: import.meta.dirname,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0)
    throw new Error('npm ci failed in scripts/devtools: look above, and run it there by hand');
}

async function checkProject(): Promise<boolean> {
  let isSound = true;
  for (const { name, check } of checkers) {
    const problems = await check(PROJECT);
    console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${name}`);
    for (const problem of problems) console.log(`       ${problem}`);
    isSound &&= problems.length === 0;
  }
  return isSound;
}

async function checkFaults(): Promise<boolean> {
  const found = await pMap(faults, findFault, { concurrency: FAULTS_AT_ONCE });
  for (const { fault, by, problem } of found) {
    console.log(
      `${by === undefined ? 'MISSED' : 'found '} ${fault.name}${by === undefined ? '' : ` (${by}: ${problem})`}`,
    );
  }
  return found.every(({ by }) => by !== undefined);
}

async function findFault(fault: Fault) {
  const copy = copyWith(fault);
  try {
    for (const { name, check } of checkers) {
      const [problem] = await check(copy);
      if (problem !== undefined) return { fault, by: name, problem: problem.split('\n')[0]?.slice(0, 100) };
    }
    return { fault, by: undefined, problem: undefined };
  } finally {
    rmSync(copy, { recursive: true });
  }
}

function copyWith(fault: Fault): string {
  const copy = mkdtempSync(path.join(tmpdir(), 'check-devtools-'));
  for (const file of PROJECT_FILES)
    cpSync(path.join(PROJECT, file), path.join(copy, file), { recursive: true });
  symlinkSync(path.join(PROJECT, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
  const file = path.join(copy, fault.file);
  const text = fault.edit(existsSync(file) ? readFileSync(file, 'utf8') : '');
  if (text === null) rmSync(file);
  else writeFileSync(file, text);
  return copy;
}
