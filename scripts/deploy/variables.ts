import { functions } from '../manifest.ts';
import { type Finding, problem, unless, warning } from './check/finding.ts';
import { readEnvLines, SEVERAL_LINES } from './env-lines.ts';

/** Values by name, each on one line and not empty. What is empty in `.env` is absent here. */
export type Variables = Readonly<Record<string, string>>;

/** Whether the shop is known to WeChat Pay. One that sells by virtual payment alone has no merchant number. */
export const usesWeChatPay = ({ WECHAT_PAY_MCH_ID, WECHAT_PAY_API_KEY }: Variables): boolean =>
  Boolean(WECHAT_PAY_MCH_ID || WECHAT_PAY_API_KEY);

/** What the deployment itself needs. It is given to no function. */
const DEPLOYMENT_NAMES = [
  'CLOUDBASE_ENV_ID',
  'TENCENTCLOUD_SECRETID',
  'TENCENTCLOUD_SECRETKEY',
  'TENCENTCLOUD_SESSIONTOKEN',
  'TENCENTCLOUD_REGION',
  'VIRTUAL_PAY_ITEM_URL',
  'WECHAT_PAY_CERT_FILE',
  'WECHAT_PAY_CERT_KEY_FILE',
] as const;

/** What the functions are given, each only what its manifest names. */
const FUNCTION_NAMES: readonly string[] = [...new Set(functions.flatMap((fn) => fn.environment))];

export const KNOWN_NAMES: readonly string[] = [...DEPLOYMENT_NAMES, ...FUNCTION_NAMES];
/** A file's name is no secret, and stands in our own sentences. The address of a robot is one: it ends in a key. */
const SECRET_NAMES = /(KEY|TOKEN|SECRET|WEBHOOK_URL)(?!.*_FILE$)/;

/**
 * Reads `.env`, with the process environment on top (as in CI). Only names we know are taken from the latter.
 * What would arrive in the cloud as something else than was meant (several lines, a reference nobody expands,
 * a quote that is never closed) is a problem, so nothing is sent.
 * @param file the text of `.env`; undefined where there is none, which is usual in CI
 */
export function readVariables(
  file: string | undefined,
  processEnvironment: Readonly<Record<string, string | undefined>>,
): { readonly variables: Variables; readonly findings: readonly Finding[] } {
  const written = readEnvLines(file ?? '');
  const outside = KNOWN_NAMES.map((name) => [name, processEnvironment[name] ?? ''] as const);
  const values = new Map<string, string>();
  for (const [name, value = ''] of [...written.values, ...outside])
    if (value.trim()) values.set(name, value.trim());
  return {
    variables: Object.fromEntries(values),
    findings: [
      ...unless(file !== undefined || values.size > 0, NO_FILE),
      ...written.findings,
      ...[...values].flatMap(([name, value]) => [...checkName(name), ...checkText(name, value)]),
    ],
  };
}

const NO_FILE = warning('.env', 'is not there. Copy .env.example to .env and fill it in');

/** The values that must never be printed. */
export const secretsOf = (variables: Variables): readonly string[] =>
  Object.entries(variables).flatMap(([name, value]) => (SECRET_NAMES.test(name) ? [value] : []));

function checkName(name: string): Finding[] {
  if (KNOWN_NAMES.includes(name)) return [];
  const meant = KNOWN_NAMES.find((known) => letters(known) === letters(name));
  return [
    warning(name, `no function and no script reads this${meant ? `; did you mean ${meant}?` : '. A typo?'}`),
  ];
}

const letters = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

function checkText(name: string, value: string): Finding[] {
  if (/[\r\n]/.test(value)) return [problem(name, SEVERAL_LINES)];
  if (/\$\{|\{\{/.test(value)) {
    return [
      problem(name, 'refers to another variable, and nobody expands that here. Write the value itself'),
    ];
  }
  if (/^[\u201c\u201d\u2018\u2019]/.test(value))
    return [problem(name, 'is in typographic quotes. Write plain ones, or none')];
  if (value.includes('\uFFFD'))
    return [problem(name, 'has characters that are not UTF-8. Save .env as UTF-8')];
  return [];
}
