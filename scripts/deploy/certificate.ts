import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Finding, problem } from './check/finding.ts';
import type { Variables } from './variables.ts';

/** A file that the merchant platform gives, and the variable in which functions get what it holds. */
interface PemFile {
  /** The setting that names the file. */
  readonly setting: string;
  readonly variable: string;
  readonly file: string;
  readonly derOf: (pem: string) => Buffer;
}

const CERTIFICATE: PemFile = {
  setting: 'WECHAT_PAY_CERT_FILE',
  variable: 'WECHAT_PAY_CERT',
  file: 'apiclient_cert.pem',
  derOf: (pem) => new X509Certificate(pem).raw,
};
const KEY: PemFile = {
  setting: 'WECHAT_PAY_CERT_KEY_FILE',
  variable: 'WECHAT_PAY_CERT_KEY',
  file: 'apiclient_key.pem',
  derOf: (pem) => createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' }),
};

/**
 * The variables with what stands in the two files that they name. A variable holds one line and counts among the 4 KB of its
 * function, so the certificate goes up as DER in base64, and its key as PKCS#8 in DER in base64. What is written into
 * `.env` itself, as in CI, stands where no file is named.
 * @param root the project's folder, from which a path is read
 */
export async function withCertificate(
  variables: Variables,
  root: string,
): Promise<{ readonly variables: Variables; readonly findings: readonly Finding[] }> {
  const read = await Promise.all([CERTIFICATE, KEY].map((pem) => readPem(pem, variables, root)));
  return {
    variables: Object.assign({}, variables, ...read.map(({ value }) => value)),
    findings: read.flatMap(({ findings }) => findings),
  };
}

async function readPem(
  { setting, variable, file, derOf }: PemFile,
  variables: Variables,
  root: string,
): Promise<{ readonly value: Variables; readonly findings: readonly Finding[] }> {
  const path = variables[setting];
  const failed = (message: string) => ({ value: {}, findings: [problem(setting, message)] });
  if (!path) return { value: {}, findings: [] };
  if (variables[variable])
    return failed(`is written beside ${variable}, which says the same. Keep one of them`);
  let pem: string;
  try {
    pem = await readFile(resolve(root, path), 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    return failed(
      `names no file that can be read (${code}). Write the path of ${file}, from the project's folder or whole`,
    );
  }
  try {
    return { value: { [variable]: derOf(pem).toString('base64') }, findings: [] };
  } catch {
    return failed(
      `does not hold what ${file} holds, which begins with -----BEGIN. Are the two files swapped, or is it the .p12?`,
    );
  }
}
