import { tellConsole } from '../console.ts';
import { queryString, type Target } from './url.ts';

/** The page that is shown stands in the address: a reload, by hand or after a change of the source, opens it again. */
export function keepAddress({ route, query }: Target): void {
  const path = `/${route}${queryString(query)}`;
  history.replaceState(null, '', `${location.pathname}${location.search}#${path}`);
  tellConsole(path);
}
