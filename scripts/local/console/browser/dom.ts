type Attributes = Readonly<Record<string, string | number | boolean | ((event: Event) => void) | undefined>>;
type Child = Node | string | number | undefined | false;

/** An element; `on…` attributes are listeners, `false` and `undefined` leave one out. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  return filled(document.createElement(tag), attributes, children);
}

export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[Tag] {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

/** @throws Error when index.html has no such element */
export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`index.html has no element ${id}`);
  return element;
}

/** Writes text only where it differs, so that a screen reader does not say the same again. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

function filled<Made extends Element>(
  element: Made,
  attributes: Attributes,
  children: readonly Child[],
): Made {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.replace(/^on/, ''), value);
    else if (value !== undefined && value !== false)
      element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== undefined && child !== false).map(asNode));
  return element;
}

function asNode(child: Node | string | number): Node | string {
  return typeof child === 'number' ? String(child) : child;
}

/** An id that there is room for; whoever needs it whole finds it in a title, beside a button that copies it. */
export function abbreviated(id: string): string {
  return id.length > 12 ? `${id.slice(0, 4)}…${id.slice(-4)}` : id;
}

/**
 * Puts other children in, and keeps what somebody is at: the focus, by `data-testid` or `data-focus`, and how far they
 * have scrolled.
 */
export function replaceContent(place: HTMLElement, ...children: readonly Child[]): void {
  const { activeElement } = document;
  const name =
    activeElement instanceof HTMLElement && place.contains(activeElement)
      ? (activeElement.dataset.testid ?? activeElement.dataset.focus)
      : undefined;
  const { scrollTop } = place;
  place.replaceChildren(...children.filter((child) => child !== undefined && child !== false).map(asNode));
  place.scrollTop = scrollTop;
  if (name === undefined) return;
  const again = `[data-testid="${CSS.escape(name)}"], [data-focus="${CSS.escape(name)}"]`;
  place.querySelector<HTMLElement>(again)?.focus({ preventScroll: true });
}
