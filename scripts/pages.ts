import { mkdirSync } from 'node:fs';
import pc from 'picocolors';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import * as v from 'valibot';
import { build } from './build.ts';
import { CHROMIUM_ADVICE, CHROMIUM_FLAGS, CHROMIUM_PATH } from './chromium.ts';
import { isForeign, ProjectError, readForeignProject } from './local/foreign-project.ts';
import { type LocalWorld, startLocalWorld } from './local/local-world.ts';
import { type PagesOptions, readPagesOptions, USAGE } from './pages/options.ts';
import { isShown, type Visit, visit, visitByLink } from './pages/visit.ts';

/** What of the phone's program is read here. */
const Program = v.union([
  v.object({
    kind: v.literal('program'),
    program: v.object({ app: v.object({ pages: v.array(v.string()) }) }),
  }),
  v.object({ kind: v.literal('errors'), errors: v.array(v.string()) }),
]);

const options = read();
if (options.help) {
  console.log(USAGE);
  process.exit(0);
}
const executablePath = CHROMIUM_PATH ?? fail(`No Chromium found. ${CHROMIUM_ADVICE}`);
if (options.pictures) mkdirSync(options.pictures, { recursive: true });
const world = await open(options);
const visits = await visitAll(world.phone?.url ?? '', options).finally(() => world.close());
const failed = visits.filter(({ errors }) => errors.length > 0);
reportMissing(visits);
const asking = failed.filter(({ missing }) => missing.length > 0).length;
console.log(
  `\n${pc.bold(`${visits.length - failed.length} of ${visits.length} pages open without an error.`)}`,
);
if (asking > 0) console.log(`${asking} of the others ask for something that the simulator has not.`);
process.exit(failed.length === 0 ? 0 : 1);

function read(): PagesOptions {
  try {
    return readPagesOptions(process.argv.slice(2));
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  }
}

async function open({ project, collections }: PagesOptions): Promise<LocalWorld> {
  if (!isForeign(project)) {
    await build();
    return startLocalWorld({ project });
  }
  try {
    return await startLocalWorld({ project, deployed: readForeignProject(project, collections) });
  } catch (error) {
    if (error instanceof ProjectError) fail(error.message);
    throw error;
  }
}

async function visitAll(phone: string, { queries, pictures }: PagesOptions): Promise<Visit[]> {
  const answer = v.parse(Program, await (await fetch(`${phone}__sim/program`)).json());
  if (answer.kind === 'errors') fail(answer.errors.join('\n'));
  const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS] });
  try {
    const context = await browser.newContext({ viewport: { width: 375, height: 812 } });
    const running = await context.newPage();
    await startPhone(running, phone);
    const all: Visit[] = [];
    for (const route of answer.program.app.pages) {
      const destination = { route, query: queries[route] ?? '', pictures };
      const visited = await visit(running, destination);
      // What goes wrong may come from the page before, as it closes.
      const isClean = visited.errors.length === 0;
      const judged = isClean
        ? visited
        : await onNewPhone(context, (page) => visitByLink(page, phone, destination));
      print(judged);
      all.push(judged);
      // A dialog stays over the pages that come after it.
      if ((await running.getByRole('dialog').count()) > 0) await startPhone(running, phone);
    }
    return all;
  } finally {
    await browser.close();
  }
}

async function startPhone(page: Page, phone: string): Promise<void> {
  // Another fragment alone would not load it again.
  await page.goto('about:blank');
  await page.goto(phone);
  if (!(await isShown(page))) fail('The first page was not shown.');
}

async function onNewPhone(context: BrowserContext, use: (page: Page) => Promise<Visit>): Promise<Visit> {
  const page = await context.newPage();
  return use(page).finally(() => page.close());
}

function print({ route, errors }: Visit): void {
  console.log(`  ${errors.length === 0 ? pc.green('✓') : pc.red('✗')} ${route}`);
  for (const error of errors) console.log(`      ${pc.red(error)}`);
}

function reportMissing(all: readonly Visit[]): void {
  const names = [...new Set(all.flatMap(({ missing }) => missing))];
  const uses = names.map((name) => ({
    name,
    pages: all.filter(({ missing }) => missing.includes(name)).length,
  }));
  if (uses.length > 0) console.log('\nThe simulator has not:');
  for (const { name, pages } of uses.toSorted((a, b) => b.pages - a.pages))
    console.log(`  ${pc.yellow(name)} ${pc.dim(`on ${pages} ${pages === 1 ? 'page' : 'pages'}`)}`);
}

function fail(message: string): never {
  console.error(pc.red(message));
  process.exit(1);
}
