import type { domlikeBackend, Element as GlassElement } from 'glass-easel';

/**
 * Where the DOM and glass-easel meet. The framework describes the part of the DOM it uses in its own words and keeps
 * its element on the node; these are the only places that pass from one to the other.
 */
export type BackendElement = domlikeBackend.Element;

export function toBackend(node: Node): BackendElement {
  return node as unknown as BackendElement;
}

export function toDom(element: BackendElement): HTMLElement {
  return element as unknown as HTMLElement;
}

/** The DOM node in which an element of the template is shown, unless it has none (a virtual host). */
export function domOf(element: GlassElement): HTMLElement | undefined {
  const backend: unknown = element.getBackendElement();
  return backend instanceof HTMLElement ? backend : undefined;
}

/** The nearest element of the template around a DOM node. */
export function glassElementAt(node: EventTarget | null): GlassElement | undefined {
  let current: Node | null = node instanceof Node ? node : null;
  for (; current; current = current.parentNode) {
    const { __wxElement } = toBackend(current);
    if (__wxElement) return __wxElement;
  }
  return undefined;
}
