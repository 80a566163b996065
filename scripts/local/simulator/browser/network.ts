import type { Connection } from '../phone-network.ts';

/** The phone's connection: as its owner has it, and no better than the world's. */
export interface Network {
  connection(): Connection;
  isConnected(): boolean;
  /** As the phone's owner has it. */
  choose(connection: Connection): void;
  /** As every phone of the world has it. */
  allow(connection: Connection): void;
  set(connected: boolean): void;
  subscribe(listener: (connected: boolean) => void): () => void;
}

/** From the best to the worst. */
export const CONNECTIONS: readonly Connection[] = ['fast', 'slow', 'none'];

export function createNetwork(): Network {
  const listeners = new Set<(connected: boolean) => void>();
  let own: Connection = 'fast';
  let common: Connection = 'fast';
  const connection = () => (CONNECTIONS.indexOf(own) > CONNECTIONS.indexOf(common) ? own : common);
  const isConnected = () => connection() !== 'none';
  const change = (apply: () => void) => {
    const before = connection();
    apply();
    if (connection() === before) return;
    for (const listener of [...listeners]) listener(isConnected());
  };
  const choose = (wanted: Connection) =>
    change(() => {
      own = wanted;
    });
  return {
    connection,
    isConnected,
    choose,
    allow: (allowed) =>
      change(() => {
        common = allowed;
      }),
    set: (connected) => choose(connected ? 'fast' : 'none'),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
