import { tellConsole } from '../console.ts';
import { queryString, type Target } from './url.ts';

/** The page that is shown stands in the address: a reload, by hand or after a change of the source, opens it again. */
export function keepAddress({ route, query }: Target): void {
  const path = `/${route}${queryString(query)}`;
  history.replaceState(null, '', `${location.pathname}${location.search}#${path}`);
  tellConsole(path);
}

/**
 * The page that the address asks for. The browser escapes quotes, spaces and letters beyond ASCII in it; what the mini-program
 * escaped itself stays as it is, as far as the two can be told apart.
 */
export function addressedPage(hash: string): string {
  return hash.slice(1).replace(/(?:%(?:20|22|3C|3E|60|[89A-F][0-9A-F]))+/gi, unescaped);
}

function unescaped(escaped: string): string {
  try {
    return decodeURIComponent(escaped);
  } catch {
    return escaped;
  }
}
