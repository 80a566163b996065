export type Query = Readonly<Record<string, string>>;

/** A page and what it is opened with. */
export interface Target {
  readonly route: string;
  readonly query: Query;
}

/** `/pages/x/x?id=1` from the root, `../x/x` from the page that is shown. The query stays as it is written. */
export function parseUrl(url: string, from = ''): Target {
  const mark = url.indexOf('?');
  const [path, search] = mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
  const steps = path.startsWith('/') ? [] : from.split('/').slice(0, -1);
  for (const step of path.split('/')) {
    if (step === '..') steps.pop();
    else if (step && step !== '.') steps.push(step);
  }
  const query: Record<string, string> = {};
  for (const pair of search.split('&').filter(Boolean)) {
    const at = pair.indexOf('=');
    query[at < 0 ? pair : pair.slice(0, at)] = at < 0 ? '' : pair.slice(at + 1);
  }
  return { route: steps.join('/').replace(/\.html$/, ''), query };
}

/** With its question mark; nothing where there is no query. */
export function queryString(query: Query): string {
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${value}`);
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}
