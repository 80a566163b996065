import { CONNECTIONS, type Network } from './network.ts';

/** Whether the phone is shown in a frame, which only the console may do: a policy of the server says so. */
export function isFramed(): boolean {
  return window.parent !== window;
}

/** The console chooses the network of the phone that it shows, while the mini-program runs. It is told that the phone obeys now. */
export function obeyConsole(network: Network): void {
  window.addEventListener('message', ({ source, data }) => {
    if (!isFramed() || source !== window.parent || typeof data !== 'object' || data === null) return;
    const connection = CONNECTIONS.find((known) => known === data.network);
    if (data.kind === 'network' && connection) network.choose(connection);
  });
  if (isFramed()) window.parent.postMessage({ kind: 'listening' }, '*');
}

/** The console is told which page is shown, so that it can put another screen around it. */
export function tellConsole(path: string): void {
  if (isFramed()) window.parent.postMessage({ kind: 'page', path }, '*');
}
