import { createPrivateKey, X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';
import { describe, expect, type TestContext, test } from 'vitest';
import { withCertificate } from '../../scripts/deploy/certificate.ts';
import { checkCertificate } from '../../scripts/deploy/check/check-certificate.ts';
import { checkVariables } from '../../scripts/deploy/check/check-variables.ts';
import { secretsOf } from '../../scripts/deploy/variables.ts';
import { type FunctionManifest, functions } from '../../scripts/manifest.ts';
import { Project, renderEnv, VARIABLES } from './project.ts';
import { setUp } from './set-up.ts';

const BEGIN = new Date('2026-11-27T00:00:00Z');
const END = new Date('2031-11-26T00:00:00Z');
const DAY_MS = 24 * 3_600_000;
const daysBeforeEnd = (days: number) => new Date(END.getTime() - days * DAY_MS);

const REFUNDS: FunctionManifest = {
  name: 'refund',
  timeout: 20,
  memorySize: 256,
  environment: [
    'WECHAT_PAY_MCH_ID',
    'WECHAT_PAY_API_KEY',
    'WECHAT_PAY_API_KEY_PREVIOUS',
    'WECHAT_PAY_CERT',
    'WECHAT_PAY_CERT_KEY',
  ],
  invoke: 'nobody',
};

/** A pair such as the merchant platform gives, of a merchant number. */
const pairOf = (mch_id: string, keySize: 2048 | 4096 = 2048) =>
  generate([{ name: 'commonName', value: mch_id }], {
    keyType: 'rsa',
    keySize,
    notBeforeDate: BEGIN,
    notAfterDate: END,
  });

const OURS = await pairOf(VARIABLES.WECHAT_PAY_MCH_ID ?? '');
const ANOTHER = await pairOf('1900000222');

/** A project in which the two files that `.env` names hold this. */
async function read(
  { onTestFinished }: TestContext,
  files: { readonly cert?: string; readonly key?: string },
  variables: Readonly<Record<string, string>> = {},
) {
  const project = await Project.create();
  onTestFinished(() => project.dispose());
  if (files.cert !== undefined) await project.write('keys/apiclient_cert.pem', files.cert);
  if (files.key !== undefined) await project.write('keys/apiclient_key.pem', files.key);
  const named = {
    ...VARIABLES,
    WECHAT_PAY_CERT_FILE: 'keys/apiclient_cert.pem',
    WECHAT_PAY_CERT_KEY_FILE: `${project.folder}/keys/apiclient_key.pem`,
    ...variables,
  };
  return withCertificate(
    Object.fromEntries(Object.entries(named).filter(([, value]) => value !== '')),
    project.folder,
  );
}

const check = (variables: Readonly<Record<string, string>>, now = BEGIN) =>
  checkCertificate(variables, { functions: [REFUNDS], now });

describe('the merchant certificate', () => {
  test('goes up as DER in base64, from the two files that .env names, and fits into a function', async (context) => {
    const { variables, findings } = await read(context, { cert: OURS.cert, key: OURS.private });
    expect(findings).toEqual([]);
    const { WECHAT_PAY_CERT: cert = '', WECHAT_PAY_CERT_KEY: key = '' } = variables;
    const certificate = new X509Certificate(Buffer.from(cert, 'base64'));
    const der = Buffer.from(key, 'base64');
    expect(certificate.fingerprint256).toBe(new X509Certificate(OURS.cert).fingerprint256);
    expect(certificate.checkPrivateKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }))).toBe(
      true,
    );
    expect(`${cert}${key}`).not.toMatch(/\s/);
    expect(check(variables)).toMatchObject([{ level: 'ok', message: 'is good until 2031-11-26' }]);
    expect(checkVariables(variables, [REFUNDS])).toEqual([]);
    expect(secretsOf(variables)).toContain(key);
    expect(secretsOf(variables)).not.toContain('keys/apiclient_cert.pem');
  });

  test('may be written into .env itself, as in CI', async (context) => {
    const { variables } = await read(context, { cert: OURS.cert, key: OURS.private });
    const { WECHAT_PAY_CERT = '', WECHAT_PAY_CERT_KEY = '' } = variables;
    const written = { ...VARIABLES, WECHAT_PAY_CERT, WECHAT_PAY_CERT_KEY };
    expect(await withCertificate(written, '/nowhere')).toEqual({ variables: written, findings: [] });
    expect(check(written)).toMatchObject([{ level: 'ok' }]);
  });

  test('that is too much for a function beside the other variables is a problem before anything is sent', async (context) => {
    const { cert, private: key } = await pairOf(VARIABLES.WECHAT_PAY_MCH_ID ?? '', 4096);
    const { variables } = await read(context, { cert, key });
    expect(checkVariables(variables, [REFUNDS])).toMatchObject([
      {
        level: 'problem',
        name: 'variables of refund',
        message: expect.stringMatching(/^take \d{4} bytes; .* less than 4096/),
      },
    ]);
  });

  test('is not asked for while no function needs it, and then only called to mind', () => {
    expect(checkCertificate(VARIABLES, { functions: [], now: BEGIN })).toEqual([]);
    expect(check(VARIABLES)).toMatchObject([{ level: 'reminder', name: 'WECHAT_PAY_CERT_FILE' }]);
  });

  test.for([
    { when: 60, reported: { level: 'ok' } },
    {
      when: 59,
      reported: {
        level: 'warning',
        message: expect.stringMatching(/^ends on 2031-11-26, in 59 days\. Get a new one/),
      },
    },
    { when: 0, reported: { level: 'warning', message: expect.stringMatching(/in 0 days/) } },
    { when: -1, reported: { level: 'problem', message: expect.stringMatching(/^ended on 2031-11-26/) } },
  ])('with $when days to go is reported as it should be', async ({ when, reported }, context) => {
    const { variables } = await read(context, { cert: OURS.cert, key: OURS.private });
    expect(check(variables, daysBeforeEnd(when))).toMatchObject([reported]);
  });

  test.for([
    {
      wrong: 'a file that is not there',
      files: { key: OURS.private },
      reported: {
        name: 'WECHAT_PAY_CERT_FILE',
        message: expect.stringMatching(/no file that can be read \(ENOENT\)/),
      },
    },
    {
      wrong: 'the two files swapped',
      files: { cert: OURS.private, key: OURS.cert },
      reported: {
        name: 'WECHAT_PAY_CERT_FILE',
        message: expect.stringMatching(/swapped, or is it the \.p12/),
      },
    },
    {
      wrong: 'a file that holds something else',
      files: { cert: OURS.cert, key: '0\u0082\u0009' },
      reported: {
        name: 'WECHAT_PAY_CERT_KEY_FILE',
        message: expect.stringMatching(/begins with -----BEGIN/),
      },
    },
    {
      wrong: 'both the file and the variable',
      files: { cert: OURS.cert, key: OURS.private },
      variables: { WECHAT_PAY_CERT: 'MII' },
      reported: { name: 'WECHAT_PAY_CERT_FILE', message: expect.stringMatching(/Keep one/) },
    },
  ])('with $wrong is a problem that names the setting', async ({ files, variables, reported }, context) => {
    const { findings } = await read(context, files, variables);
    expect(findings[0]).toMatchObject({ level: 'problem', ...reported });
    expect(JSON.stringify(findings)).not.toContain(OURS.private.split('\n')[1]);
  });

  test.for([
    {
      wrong: 'no key',
      files: { cert: OURS.cert },
      variables: { WECHAT_PAY_CERT_KEY_FILE: '' },
      name: 'WECHAT_PAY_CERT_KEY',
    },
    {
      wrong: 'no certificate',
      files: { key: OURS.private },
      variables: { WECHAT_PAY_CERT_FILE: '' },
      name: 'WECHAT_PAY_CERT',
    },
    {
      wrong: 'the key of another',
      files: { cert: OURS.cert, key: ANOTHER.private },
      name: 'WECHAT_PAY_CERT_KEY',
    },
    {
      wrong: 'another merchant number',
      files: { cert: ANOTHER.cert, key: ANOTHER.private },
      name: 'WECHAT_PAY_CERT',
    },
    {
      wrong: 'no base64',
      files: {},
      variables: {
        WECHAT_PAY_CERT_FILE: '',
        WECHAT_PAY_CERT_KEY_FILE: '',
        WECHAT_PAY_CERT: 'x',
        WECHAT_PAY_CERT_KEY: 'x',
      },
      name: 'WECHAT_PAY_CERT',
    },
  ])('with $wrong is a problem', async ({ files, variables, name }, context) => {
    const { variables: given } = await read(context, files, variables);
    const problems = check(given).filter(({ level }) => level === 'problem');
    expect(problems[0]).toMatchObject({ name });
  });
});

test('every function of ours stays under 4 KB with every setting that has a usual length', async (context) => {
  const { variables } = await read(context, { cert: OURS.cert, key: OURS.private });
  const all = {
    ...variables,
    WECHAT_PAY_API_KEY_PREVIOUS: '0'.repeat(32),
    WECHAT_PAY_NOTIFY_URL: 'https://pay.shop.example/payNotify',
    WEIXIN_APP_SECRET: '0'.repeat(32),
    VIRTUAL_PAY_OFFER_ID: '1450000000',
    VIRTUAL_PAY_APP_KEY: 'x'.repeat(32),
  };
  expect(checkVariables(all, functions).filter(({ name }) => name.startsWith('variables of'))).toEqual([]);
});

test('the deployment gives it to the functions that refund, to no other, and prints nothing of it', async (context) => {
  const { standIn, project, deploy } = await setUp(context);
  await project.write('apiclient_cert.pem', OURS.cert);
  await project.write('apiclient_key.pem', OURS.private);
  const files = { WECHAT_PAY_CERT_FILE: 'apiclient_cert.pem', WECHAT_PAY_CERT_KEY_FILE: 'apiclient_key.pem' };
  await project.write('.env', renderEnv({ ...VARIABLES, ...files }));
  const { code, output } = await deploy();
  const given = [...standIn.account.functions].filter(([, { variables }]) =>
    variables.some(({ Key }) => Key === 'WECHAT_PAY_CERT_KEY'),
  );
  const listed = functions.filter(({ environment }) => environment.includes('WECHAT_PAY_CERT_KEY'));
  expect(listed.length).toBeGreaterThan(0);
  expect(given.map(([name]) => name).toSorted()).toEqual(listed.map(({ name }) => name).toSorted());
  const { WECHAT_PAY_CERT_KEY = '' } = (await withCertificate({ ...VARIABLES, ...files }, project.folder))
    .variables;
  expect(output).not.toContain(WECHAT_PAY_CERT_KEY.slice(40, 80));
  expect(output).toMatch(/^ok +WECHAT_PAY_CERT: is good until 2031-11-26$/m);
  expect(code).toBe(0);
});
