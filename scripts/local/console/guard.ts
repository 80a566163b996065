import type { MiddlewareHandler } from 'hono';

/**
 * Any page of the internet that is open in the same browser can send requests to this machine. It gets nothing here:
 * the Host must be this machine's own name (a foreign name that was made to point here is not), a request that carries
 * an Origin must come from the console itself, and what changes something must be JSON, which a foreign page cannot
 * send without asking first, and nobody answers that question.
 */
export function guard(port: () => number): MiddlewareHandler {
  return async (c, next) => {
    const hosts = [`127.0.0.1:${port()}`, `localhost:${port()}`];
    const host = c.req.header('host') ?? '';
    if (!hosts.includes(host)) {
      return c.text(`The console answers to ${hosts.join(' and ')} only, not to ${host || 'no host'}.`, 403);
    }
    const origin = c.req.header('origin');
    if (origin !== undefined && !hosts.includes(origin.replace(/^http:\/\//, ''))) {
      return c.text(`The console takes nothing from ${origin}.`, 403);
    }
    const isReading = c.req.method === 'GET' || c.req.method === 'HEAD';
    const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
    if (!isReading && type !== 'application/json') {
      return c.text('What changes something is sent as application/json.', 415);
    }
    return next();
  };
}

/** Headers of every answer: nothing from outside, and nobody may frame the switches. */
export function policy(simulatorUrl: string | undefined): Record<string, string> {
  const phone = simulatorUrl === undefined ? "'none'" : new URL(simulatorUrl).origin;
  const content = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "connect-src 'self'",
    'img-src data:',
    `frame-src ${phone}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return {
    'Content-Security-Policy': content.join('; '),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
  };
}
