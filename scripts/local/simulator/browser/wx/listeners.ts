import { reportError } from '../problems.ts';

/** Listeners of a phone's event; `remove` without one takes all away. */
export function listeners<Event>(name: string) {
  const known = new Set<(event: Event) => void>();
  return {
    add: (listener: (event: Event) => void) => void known.add(listener),
    remove(listener?: (event: Event) => void) {
      if (listener) known.delete(listener);
      else known.clear();
    },
    emit(event: Event) {
      for (const listener of [...known]) {
        try {
          listener(event);
        } catch (error) {
          reportError(`wx.${name}`, error);
        }
      }
    },
  };
}
