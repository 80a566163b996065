import { withCertificate } from './certificate.ts';
import { PRODUCTS } from './check/catalogue.ts';
import { checkCertificate } from './check/check-certificate.ts';
import { checkVariables } from './check/check-variables.ts';
import { checkVirtualPaySettings } from './check/check-virtual-pay.ts';
import { checkWeChatPaySettings } from './check/check-wechat-pay.ts';
import { INVOKE_RULES } from './compare/compare-access.ts';
import type { Manifest } from './compare/wanted.ts';
import { readEnvFile } from './env-file.ts';
import type { Machine } from './machine.ts';
import { DEPLOY_HELP, readOptions } from './options.ts';
import { discreet, harmless, renderError } from './print.ts';
import { deploy } from './run.ts';
import { readFirstDocuments } from './seeds.ts';
import { readVariables, secretsOf, type Variables } from './variables.ts';

/** `npm run deploy` from its arguments to its exit code. Whatever is printed on the way shows no secret. */
export async function runDeploy(
  manifest: Manifest,
  args: readonly string[],
  machine: Machine,
): Promise<0 | 1> {
  const names = [...manifest.collections, ...manifest.functions].map(({ name }) => name);
  let print = harmless(machine.print);
  try {
    const options = readOptions(args, [...names, INVOKE_RULES]);
    if (!options) {
      print(DEPLOY_HELP);
      return 0;
    }
    const file = await readEnvFile(machine.root);
    const read = readVariables(file.text, machine.processEnvironment);
    print = discreet(print, secretsOf(read.variables));
    const certified = await withCertificate(read.variables, machine.root);
    print = discreet(print, secretsOf(certified.variables));
    const variables: Variables = options.environmentId
      ? { ...certified.variables, CLOUDBASE_ENV_ID: options.environmentId }
      : certified.variables;
    const { functions } = manifest;
    const { seeds, findings: ofSeeds } = await readFirstDocuments(manifest, machine.root);
    const written = seeds.get(PRODUCTS) ?? [];
    const findings = [
      ...file.findings,
      ...read.findings,
      ...certified.findings,
      ...checkVariables(variables, functions),
      ...checkCertificate(variables, { functions, now: machine.now() }),
      ...ofSeeds,
      ...checkWeChatPaySettings(variables, written),
      ...checkVirtualPaySettings(variables, written),
    ];
    return (await deploy(manifest, { options, variables, findings, seeds }, { ...machine, print })) ? 0 : 1;
  } catch (error) {
    print(renderError(error));
    return 1;
  }
}
