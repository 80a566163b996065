import type { IncomingHttpHeaders, IncomingMessage, RequestListener } from 'node:http';

/** The origins of one world's servers. The console embeds the phone, so they are in one list. */
export class OwnOrigins {
  readonly #origins = new Set<string>();

  add(port: number): void {
    for (const origin of originsOf(port)) this.#origins.add(origin);
  }

  /** A port that was given back may soon be somebody else's. */
  remove(port: number): void {
    for (const origin of originsOf(port)) this.#origins.delete(origin);
  }

  has(origin: string): boolean {
    return this.#origins.has(origin);
  }
}

/** Who a server takes requests from. */
export interface GuardOptions {
  /** What its refusals call it. */
  readonly name: string;
  /** Left out, the server knows its own origin only. */
  readonly origins?: OwnOrigins;
  /** Judges the content type of whatever is no GET or HEAD, also by the path it is sent to. Left out, any will do. */
  readonly takes?: (headers: IncomingHttpHeaders, url: string) => boolean;
}

/** How the pages of a server on this port name it. */
export function originsOf(port: number): string[] {
  return hostsOf(port).map((host) => `http://${host}`);
}

/** For `takes`: a foreign page cannot send JSON without asking first, and nobody answers that question. */
export function isJson(headers: IncomingHttpHeaders): boolean {
  return typeOf(headers) === 'application/json';
}

/**
 * Any page of the internet that is open in the same browser can send requests to this machine. It gets nothing from
 * a server of ours: the Host must be this server's own (a foreign name that was made to point here is not), an Origin
 * must be one of this world's servers, and where `takes` says so the content must be of a type that no page can send
 * unasked. A request without an Origin is a program's or the browser's own, unless the browser says otherwise.
 */
export function guarded(
  listener: RequestListener,
  {
    port,
    ...options
  }: Required<Pick<GuardOptions, 'name' | 'origins'>> &
    Pick<GuardOptions, 'takes'> & { readonly port: () => number },
): RequestListener {
  return (request, response) => {
    const refusal = refusalOf(request, { port: port(), ...options });
    if (!refusal) return listener(request, response);
    response.writeHead(refusal.status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
    return response.end(`${refusal.text}\n`);
  };
}

function refusalOf(
  { method, headers, url = '' }: IncomingMessage,
  { name, port, origins, takes }: GuardOptions & { readonly port: number; readonly origins: OwnOrigins },
): { readonly status: number; readonly text: string } | undefined {
  const { host, origin } = headers;
  const isReading = method === 'GET' || method === 'HEAD';
  if (!hostsOf(port).includes(host ?? '')) {
    return {
      status: 403,
      text: `${name} answers to ${hostsOf(port).join(', ')} only, not to ${shown(host)}.`,
    };
  }
  if (origin === undefined ? isFetchedByAnotherSite(headers) : !origins.has(origin)) {
    return { status: 403, text: `${name} takes nothing from ${origin ? shown(origin) : 'another page'}.` };
  }
  if (!isReading && takes?.(headers, url) === false) {
    return { status: 415, text: `${name} takes application/json, not ${shown(headers['content-type'])}.` };
  }
  return undefined;
}

/**
 * What a page only embeds, such as a picture, is asked for without an Origin; browsers say in a header that it was another page's
 * (https://www.w3.org/TR/fetch-metadata/). Following a link is no such thing.
 */
function isFetchedByAnotherSite(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  return (site === 'cross-site' || site === 'same-site') && headers['sec-fetch-mode'] !== 'navigate';
}

/** As URLs and browsers spell them, that is without port 80. */
function hostsOf(port: number): string[] {
  return ['127.0.0.1', 'localhost', '[::1]'].map((name) => new URL(`http://${name}:${port}`).host);
}

function typeOf(headers: IncomingHttpHeaders): string | undefined {
  return headers['content-type']?.split(';')[0]?.trim().toLowerCase();
}

/** Foreign text in an answer of ours is kept short. */
function shown(text: string | undefined): string {
  return text ? text.slice(0, 100) : 'none';
}
