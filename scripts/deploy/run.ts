import { join } from 'node:path';
import { apply, type Hands, nameOf } from './apply.ts';
import { readBundles } from './bundle.ts';
import { PRODUCTS } from './check/catalogue.ts';
import { usesVirtualPay } from './check/channel.ts';
import { readAppid } from './check/check-project.ts';
import { checkSoldThroughWeChatPay } from './check/check-wechat-pay.ts';
import { type Finding, hasProblems, renderFindings } from './check/finding.ts';
import { checkMerchantNumber } from './check/open-orders.ts';
import { readShop } from './check/shop.ts';
import type { Cloud } from './cloud/cloud.ts';
import { openCloud } from './cloud/open-cloud.ts';
import { until } from './cloud/poll.ts';
import type { EnvironmentState, Seeds } from './cloud/state.ts';
import { compare } from './compare/compare.ts';
import { checkCollectionsInUse } from './compare/foreign.ts';
import { changesOf, type Row, type Step } from './compare/row.ts';
import { checkTakenAway } from './compare/taken-away.ts';
import { type Manifest, type WantedState, wantedState } from './compare/wanted.ts';
import { DeployError } from './errors.ts';
import { itemShelf, lackingForItems } from './items/item-shelf.ts';
import type { Machine } from './machine.ts';
import { notifyRow } from './notify.ts';
import type { Options } from './options.ts';
import { type Print, renderError } from './print.ts';
import { renderPlan, renderSizes, report } from './report.ts';
import { usesWeChatPay, type Variables } from './variables.ts';

/** What was asked for. */
export interface Deployment {
  readonly options: Options;
  readonly variables: Variables;
  /** What is already known about the variables. */
  readonly findings: readonly Finding[];
  /** The first documents of each collection that has some. */
  readonly seeds: Seeds;
}

/** Rules and indexes take a while to be read back as they were set. */
const READ_BACK_ATTEMPTS = 5;

/** Deploys, reads back and compares. True when everything was found as wanted (or, with --dry-run, could be planned). */
export async function deploy(
  manifest: Manifest,
  { options, variables, findings, seeds }: Deployment,
  machine: Machine,
): Promise<boolean> {
  const { print } = machine;
  if (findings.length > 0) print(renderFindings(findings));
  if (hasProblems(findings)) {
    print('\nNothing was sent. Fix the problems above; npm run doctor looks again.');
    return false;
  }
  const bundles = await readBundles(
    join(machine.root, 'dist', 'cloudfunctions'),
    manifest.functions.map(({ name }) => name),
  );
  print(renderSizes(bundles));
  const cloud = await openCloud(variables, machine);
  const appid = await readAppid(machine.root);
  const lacking = [...lackingForItems(variables), ...(appid ? [] : ['the appid in project.config.json'])];
  const putOnSale = itemShelf({ variables, appid }, { cloud, machine });
  const mch_id = variables.WECHAT_PAY_MCH_ID ?? '';
  const look = async (): Promise<Look> => {
    const found = await readState(cloud, { manifest, seeds, mch_id });
    const wanted = wantedState(manifest, { variables, bundles, seeds, takeOver: options.takeOver }, found);
    const rows = compare(wanted, found, { only: options.only, now: machine.now(), lacking });
    const written = seeds.get(PRODUCTS) ?? [];
    return {
      wanted,
      rows,
      warnings: [
        ...checkCollectionsInUse(rows, found),
        ...checkTakenAway(wanted, found, options.only),
        ...checkMerchantNumber(mch_id, found.ordersOfOthers),
        ...checkSoldThroughWeChatPay(variables, found.products, written),
      ],
      usesVirtualPay: usesVirtualPay(found.products, written),
      usesWeChatPay: usesWeChatPay(variables),
    };
  };

  const before = await look();
  print(renderPlan(variables.CLOUDBASE_ENV_ID ?? '', before.rows));
  if (before.warnings.length > 0) print(`\n${renderFindings(before.warnings)}`);
  if (options.dryRun) return true;
  if (!(await isConfirmed(before.rows, options, machine))) return false;
  await applyAll(before, { look, hands: { cloud, putOnSale }, print });
  const after = await until(look, ({ rows }) => changesOf(rows).length === 0, {
    wait: machine.wait,
    attempts: READ_BACK_ATTEMPTS,
  });
  const rows = [...after.rows, ...(await notifyRows(after.wanted, options, machine))];
  return report({ ...after, rows, planned: before.rows }, print);
}

/** What should be and what is, at one moment. */
interface Look {
  readonly wanted: WantedState;
  readonly rows: readonly Row[];
  readonly warnings: readonly Finding[];
  readonly usesVirtualPay: boolean;
  readonly usesWeChatPay: boolean;
}

async function readState(
  cloud: Cloud,
  {
    manifest,
    seeds,
    mch_id,
  }: {
    readonly manifest: Manifest;
    readonly seeds: Seeds;
    readonly mch_id: string;
  },
): Promise<EnvironmentState> {
  const [collections, functions, invokeRules, access] = await Promise.all([
    cloud.readCollections(manifest.collections.map(({ name }) => ({ name, seed: seeds.get(name) ?? [] }))),
    cloud.readFunctions(manifest.functions.map(({ name }) => name)),
    cloud.readInvokeRules(),
    cloud.readAccess(),
  ]);
  const shop = await readShop(cloud, { collections, mch_id });
  return { collections, functions, invokeRules, ...access, ...shop };
}

async function isConfirmed(
  rows: readonly Row[],
  { yes }: Options,
  { confirm, print }: Machine,
): Promise<boolean> {
  if (yes || changesOf(rows).length === 0) return true;
  if (confirm) return confirm(`Make these ${changesOf(rows).length} changes?`);
  print('\nNothing was changed: nobody is at the terminal to ask. Say --yes to go on without asking.');
  return false;
}

/**
 * Makes every change in its order. After a route was made or changed everything is looked at again, because only then is
 * the notify URL known that other functions are given. A route is sent once: one that is never read back as wanted keeps
 * nothing else from being deployed, except what needs its address.
 */
async function applyAll(
  first: Look,
  { look, hands, print }: { look: () => Promise<Look>; hands: Hands; print: Print },
): Promise<void> {
  const sent = new Set<string>();
  for (let { rows } = first; ; { rows } = await look()) {
    const steps = changesOf(rows).filter((step) => !sent.has(addressOf(step)));
    const routed = steps.findIndex((step) => addressOf(step) !== '');
    const due =
      routed < 0
        ? steps.filter((step) => sent.size === 0 || !awaitsNotifyUrl(step))
        : steps.slice(0, routed + 1);
    let mayPublish = true;
    for (const step of due) {
      if (step.kind === 'publish item' && !mayPublish) continue;
      print(nameOf(step));
      if (!(await applyOne(step, hands, print))) mayPublish = false;
      if (addressOf(step)) sent.add(addressOf(step));
    }
    if (routed < 0) return;
  }
}

/** Where the route leads from that a step makes or changes; empty for other steps. */
const addressOf = (step: Step): string =>
  step.kind === 'create route' || step.kind === 'change route' ? step.route.domain + step.route.path : '';

const awaitsNotifyUrl = (step: Step): boolean =>
  'function' in step && typeof step.function === 'object' && step.function.awaitsNotifyUrl;

/**
 * An item that is not published, or a timer that is refused, is no reason to leave the rest undone: it is reported at once, and
 * found missing at the end.
 * @returns false where no other item would fare better
 */
async function applyOne(step: Step, hands: Hands, print: Print): Promise<boolean> {
  try {
    await apply(step, hands);
    return true;
  } catch (error) {
    const isLeft = step.kind === 'publish item' || step.kind === 'create timer';
    if (!isLeft || !(error instanceof DeployError)) throw error;
    print(renderError(error));
    return step.kind !== 'publish item' || error.code === 'ITEM_REFUSED';
  }
}

async function notifyRows({ notifyUrl }: WantedState, { only }: Options, machine: Machine): Promise<Row[]> {
  return !notifyUrl || (only && only !== 'payNotify') ? [] : [await notifyRow(notifyUrl, machine)];
}
