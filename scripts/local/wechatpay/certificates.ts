import type { X509Certificate } from 'node:crypto';

/** A certificate and its private key, in PEM. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** What TLS between a merchant and the local WeChat Pay takes. */
export interface Certificates {
  /** The authority that both sides trust here. */
  readonly ca: Pair;
  /** The server's, for 127.0.0.1. */
  readonly server: Pair;
  /** The merchant's: its number stands in the subject, as in WeChat's. */
  readonly merchant: Pair;
}

/** The real ones last five years; these are not older than the process. The world's clock is moved, TLS keeps real time. */
const FIRST_DAY = new Date('2020-01-01T00:00:00Z');
const LAST_DAY = new Date('2049-12-31T00:00:00Z');

/**
 * Makes certificates for this process. Node issues none itself, and the library takes a tenth of a second to load, so it is
 * loaded when the first refund is asked for.
 */
export async function makeCertificates(mch_id: string): Promise<Certificates> {
  const { generate } = await import('selfsigned');
  const usual = {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: FIRST_DAY,
    notAfterDate: LAST_DAY,
  } as const;
  const made = async (commonName: string, extensions: Extensions, issuer?: Pair): Promise<Pair> => {
    const attributes = [{ name: 'commonName', value: commonName }];
    const options = { ...usual, extensions: [...extensions], ...(issuer && { ca: issuer }) };
    const { cert, private: key } = await generate(attributes, options);
    return { cert, key };
  };
  const ca = await made('Local WeChat Pay', [{ name: 'basicConstraints', cA: true, critical: true }]);
  const [server, merchant] = await Promise.all([
    made('127.0.0.1', [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }], ca),
    made(mch_id, [{ name: 'extKeyUsage', clientAuth: true }], ca),
  ]);
  return { ca, server, merchant };
}

type Extensions = NonNullable<
  NonNullable<Parameters<typeof import('selfsigned')['generate']>[1]>['extensions']
>;

/** The mch_id that a merchant's certificate is made out to. */
export function merchantIn({ subject }: Pick<X509Certificate, 'subject'>): string | undefined {
  return /^CN=(\d+)$/m.exec(subject)?.[1];
}

/** PEM as the functions' variables carry it: DER as base64. */
export function derOf(pem: string): string {
  return pem.replace(/-----[^-]+-----|\s/g, '');
}
