/** The phone's connection, which a test or the shell can cut. */
export interface Network {
  isConnected(): boolean;
  set(connected: boolean): void;
  subscribe(listener: (connected: boolean) => void): () => void;
}

export function createNetwork(): Network {
  const listeners = new Set<(connected: boolean) => void>();
  let connected = true;
  return {
    isConnected: () => connected,
    set(wanted) {
      if (wanted === connected) return;
      connected = wanted;
      for (const listener of [...listeners]) listener(connected);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
