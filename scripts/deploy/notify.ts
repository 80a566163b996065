import { until, type Wait } from './cloud/poll.ts';
import type { Row } from './compare/row.ts';

/** Longer than payNotify's own deadline, so that its answer is received and not ours. */
const ANSWER_TIMEOUT_MS = 10_000;
/** A new route takes up to half a minute to be known everywhere. */
const ATTEMPTS = 15;

const WANTED = 'FAIL to an empty notice';

/**
 * Sends the notify URL an empty notice, as WeChat Pay would send a real one. payNotify refuses it, and that answer proves
 * the gateway, the route, the domain and the function in one go. An empty notice costs nothing and changes nothing.
 */
export async function notifyRow(
  notifyUrl: string,
  { fetch, wait }: { fetch: typeof globalThis.fetch; wait: Wait },
): Promise<Row> {
  const found = await until(
    () => post(notifyUrl, fetch),
    (answer) => answer === WANTED,
    { wait, attempts: ATTEMPTS },
  );
  return {
    subject: 'payNotify',
    aspect: 'answers',
    wanted: WANTED,
    found,
    step:
      found === WANTED
        ? undefined
        : { kind: 'by hand', say: `${notifyUrl} answered: ${found}. ${wayOut(found)}` },
  };
}

async function post(url: string, fetch: typeof globalThis.fetch): Promise<string> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'text/xml' },
      body: '<xml></xml>',
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    const body = await answer.text();
    // payNotify refuses with 4xx and says FAIL; a gateway's refusal has no return_code, and 5xx is a payNotify in trouble.
    if (answer.status < 500 && /<return_code>(<!\[CDATA\[)?FAIL/.test(body)) return WANTED;
    return `${answer.status} ${body.replaceAll(/\s+/g, ' ').slice(0, 80)}`.trim();
  } catch (error) {
    return `no answer (${reason(error)})`;
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

function wayOut(found: string): string {
  if (/HTTPSERVICE_NONACTIVATED/.test(found)) return 'Switch HTTP access on (CloudBase console, HTTP Access)';
  if (/not configured/.test(found))
    return 'See which variable the logs of payNotify name, fix .env and run this again';
  if (/^30/.test(found)) return 'WeChat Pay follows no redirect. Let the domain answer https itself';
  if (/^40[13]/.test(found))
    return 'The route asks for a login or the domain is not allowed. WeChat Pay cannot log in';
  if (/^no answer/.test(found))
    return 'See that the domain points to CloudBase (DNS, certificate, ICP filing)';
  return 'See the logs of payNotify (CloudBase console, Cloud Functions, payNotify, Logs)';
}
