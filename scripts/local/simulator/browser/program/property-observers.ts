type Observer = (this: object, ...values: unknown[]) => unknown;

/** A property as a definition has it: a constructor, or an object that may say who observes it. */
interface Property {
  readonly observer?: unknown;
}

/**
 * On a phone an observer of a property may set that property itself, as published components do; the framework here would call it
 * again without end. So one that is running is not called by what it sets.
 */
export function withoutEcho(properties: unknown): unknown {
  if (typeof properties !== 'object' || properties === null) return properties;
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [
      name,
      isObserved(property) ? quietly(property) : property,
    ]),
  );
}

function isObserved(property: unknown): property is Property & { readonly observer: Observer | string } {
  if (typeof property !== 'object' || property === null || !('observer' in property)) return false;
  return typeof property.observer === 'function' || typeof property.observer === 'string';
}

function quietly(property: Property & { readonly observer: Observer | string }): Property {
  const { observer } = property;
  const running = new WeakSet<object>();
  return {
    ...property,
    observer(this: object, ...values: unknown[]) {
      if (running.has(this)) return;
      const called = typeof observer === 'string' ? Reflect.get(this, observer) : observer;
      if (typeof called !== 'function') return;
      running.add(this);
      try {
        called.apply(this, values);
      } finally {
        running.delete(this);
      }
    },
  };
}
