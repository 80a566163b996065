type Listener = (...values: unknown[]) => void;

/** What connects a page with the page that `wx.navigateTo` opened from it. */
export interface EventChannel {
  on(name: string, listener: Listener): void;
  once(name: string, listener: Listener): void;
  off(name: string, listener?: Listener): void;
  emit(name: string, ...values: unknown[]): void;
}

export function createEventChannel(): EventChannel {
  const listeners = new Map<string, Listener[]>();
  const channel: EventChannel = {
    on: (name, listener) => void listeners.set(name, [...(listeners.get(name) ?? []), listener]),
    once(name, listener) {
      const once: Listener = (...values) => {
        channel.off(name, once);
        listener(...values);
      };
      channel.on(name, once);
    },
    off: (name, listener) =>
      void listeners.set(
        name,
        (listeners.get(name) ?? []).filter((known) => listener !== undefined && known !== listener),
      ),
    emit(name, ...values) {
      for (const listener of listeners.get(name) ?? []) listener(...values);
    },
  };
  return channel;
}
