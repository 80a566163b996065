import type { Random } from '../../cloudfunctions/_shared/wechatpay/nonce.ts';
import { withCertificate } from './certificate.ts';
import { PRODUCTS } from './check/catalogue.ts';
import { checkCertificate } from './check/check-certificate.ts';
import { checkLive } from './check/check-live.ts';
import { checkNode, checkProject, readAppid } from './check/check-project.ts';
import { checkVariables } from './check/check-variables.ts';
import { checkVirtualPaySettings } from './check/check-virtual-pay.ts';
import { checkWeChatPaySettings } from './check/check-wechat-pay.ts';
import { type Finding, hasProblems, problem, reminder, renderFindings } from './check/finding.ts';
import type { Seeds } from './cloud/state.ts';
import type { Manifest } from './compare/wanted.ts';
import { readEnvFile } from './env-file.ts';
import type { Machine } from './machine.ts';
import { parse } from './options.ts';
import { discreet, harmless, renderError } from './print.ts';
import { checkDecisions, readFirstDocuments } from './seeds.ts';
import { readVariables, secretsOf, usesWeChatPay, type Variables } from './variables.ts';

/** Nobody but the merchant knows what is sold, so the rule is only called to mind. */
const VIRTUAL_GOODS = reminder(
  'virtual goods',
  'channel wechatpay is for goods, and for services used offline. What is used inside the phone (memberships to digital content, ' +
    'coins, paid features) must be sold with wx.requestVirtualPayment on every terminal; a mini-program that does otherwise can ' +
    'lose its payment right',
);

/** Only WeChat knows whether it keeps the shop's money until then, and who has opened the order centre. */
function shippingOf({ UPLOAD_SHIPPING_INFO }: Variables): Finding {
  const state =
    UPLOAD_SHIPPING_INFO === 'on'
      ? 'is on: WeChat is told that paid orders were fulfilled, where is_trade_managed says that it wants to know'
      : 'is off: WeChat is told of no order. See in the mini-program console, 功能, 发货信息管理, whether it keeps your money until then; ' +
        'if so, set it to on';
  // WeChat puts the out_trade_no in the place of the last words.
  const path = `pages/order/order?out_trade_no=\${商品订单号}`;
  return reminder('UPLOAD_SHIPPING_INFO', `${state}. The path for the order centre 订单中心 is ${path}`);
}

const DOCTOR_HELP = `Usage: npm run doctor -- [options]

Reports everything that is wrong with .env and the project, before anything is deployed.

  --live   also ask WeChat Pay about an order that cannot exist, which proves appid, mch_id and key, and look at
           the environment: its kind, its products, open orders of another merchant number. Changes nothing
  --help   this text

Exit code: 1 when there is a problem, 0 otherwise.`;

export interface DoctorMachine
  extends Pick<Machine, 'root' | 'processEnvironment' | 'print' | 'wait' | 'now'> {
  /** The version of the running Node, without a v. */
  readonly node: string;
  readonly random: Random;
}

/** `npm run doctor` from its arguments to its exit code. Prints names and lengths, never a value that may be secret. */
export async function runDoctor(
  manifest: Manifest,
  args: readonly string[],
  machine: DoctorMachine,
): Promise<0 | 1> {
  let print = harmless(machine.print);
  try {
    const { live, help } = parse(args, { live: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } });
    if (help) {
      print(DOCTOR_HELP);
      return 0;
    }
    const tooOld = await checkNode(machine.root, machine.node);
    if (tooOld.length > 0) {
      print(renderFindings(tooOld));
      return 1;
    }
    const file = await readEnvFile(machine.root);
    const read = readVariables(file.text, machine.processEnvironment);
    print = discreet(print, secretsOf(read.variables));
    const certified = await withCertificate(read.variables, machine.root);
    print = discreet(print, secretsOf(certified.variables));
    const { variables } = certified;
    const first = await readFirstDocuments(manifest, machine.root);
    const written = first.seeds.get(PRODUCTS) ?? [];
    const found = [
      ...file.findings,
      ...read.findings,
      ...certified.findings,
      ...(await check(manifest, variables, machine)),
      ...first.findings,
      ...checkDecisions(manifest, first.seeds),
      ...checkWeChatPaySettings(variables, written),
      ...checkVirtualPaySettings(variables, written),
    ];
    const findings = live
      ? [...found, ...(await ask(variables, { machine: { ...machine, print }, ...first }))]
      : found;
    print(renderFindings([...findings, VIRTUAL_GOODS, shippingOf(variables)]));
    const problems = findings.filter(({ level }) => level === 'problem').length;
    print(problems === 0 ? '\nNo problem found.' : `\n${problems} to fix before deploying.`);
    return hasProblems(findings) ? 1 : 0;
  } catch (error) {
    print(renderError(error));
    return 1;
  }
}

async function check(
  manifest: Manifest,
  variables: Variables,
  { root, now }: DoctorMachine,
): Promise<Finding[]> {
  const names = manifest.functions.map(({ name }) => name);
  return [
    ...checkVariables(variables, manifest.functions),
    ...checkCertificate(variables, { functions: manifest.functions, now: now() }),
    ...(await checkProject(root, { environmentId: variables.CLOUDBASE_ENV_ID, names })),
  ];
}

async function ask(
  variables: Variables,
  { machine, seeds }: { readonly machine: DoctorMachine; readonly seeds: Seeds },
): Promise<readonly Finding[]> {
  // The vendor's library takes a second to load, and under an old Node it may not load at all.
  const { checkCloud } = await import('./check/check-cloud.ts');
  return [
    ...(await askWeChatPay(variables, { machine, seeds })),
    ...(await checkCloud(variables, { machine, seeds, appid: await readAppid(machine.root) })),
  ];
}

async function askWeChatPay(
  variables: Variables,
  { machine: { root, random }, seeds }: { readonly machine: DoctorMachine; readonly seeds: Seeds },
): Promise<readonly Finding[]> {
  const isWanted = hasProblems(checkWeChatPaySettings(variables, seeds.get(PRODUCTS) ?? []));
  if (!usesWeChatPay(variables) && !isWanted) return [];
  const appid = await readAppid(root);
  if (appid && variables.WECHAT_PAY_MCH_ID && variables.WECHAT_PAY_API_KEY)
    return [await checkLive(variables, appid, random)];
  const needed = 'appid, WECHAT_PAY_MCH_ID and WECHAT_PAY_API_KEY must be there first';
  return [problem('WeChat Pay', `was not asked: ${needed}`)];
}
