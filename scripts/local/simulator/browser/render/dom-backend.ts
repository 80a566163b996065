import {
  type backend,
  CurrentWindowBackendContext,
  type EventOptions,
  type Element as GlassElement,
} from 'glass-easel';
import { ELEMENT_NAMES } from '../../element-names.ts';
import { screen } from '../screen.ts';
import { listenToGestures } from './gestures.ts';
import { type BackendElement, glassElementAt, toBackend, toDom } from './glass.ts';
import { observeIntersection } from './intersection.ts';
import type { ThemeSource } from './theme.ts';

/** DOM events that a mini-program receives as they are; every other one is made by the elements or by the gestures. */
const PASSED_ON = new Set(['transitionend', 'animationstart', 'animationiteration', 'animationend']);

/** The listener's answer when it wants no default action (a const enum in the framework's typings). */
const NO_DEFAULT = 1;

type Listener = (
  target: GlassElement,
  type: string,
  detail: unknown,
  options: EventOptions,
) => number | undefined;

/** glass-easel's DOM backend as a phone: own tag names, own events, the screen's size, the chosen theme. */
export class PhoneBackend extends CurrentWindowBackendContext {
  readonly #theme: ThemeSource;
  readonly #pageHeight: () => number;
  readonly #sheets = new Map<string, { readonly index: number; readonly style: HTMLStyleElement }>();
  readonly #sources = new Map<string, string>();
  readonly #listened = new WeakMap<HTMLElement, Set<string>>();
  #listener: Listener = () => undefined;

  override document = {
    createElement: (tag: string) => toBackend(document.createElement(tagInDom(tag))),
    createTextNode: (text: string) => toBackend(document.createTextNode(text)),
    createDocumentFragment: () => toBackend(document.createDocumentFragment()),
  };

  constructor({ theme, pageHeight }: { theme: ThemeSource; pageHeight: () => number }) {
    super();
    this.#theme = theme;
    this.#pageHeight = pageHeight;
    theme.subscribe(() => this.#applyTheme());
  }

  override getWindowWidth(): number {
    return screen().width;
  }

  override getWindowHeight(): number {
    return this.#pageHeight();
  }

  override getTheme(): string {
    return this.#theme.current();
  }

  override registerStyleSheetContent(path: string, content: unknown): void {
    this.#sources.set(path, String(content));
  }

  /** All pages share one document, so a sheet is added once however many pages use it. */
  override appendStyleSheetPath(path: string): number {
    const known = this.#sheets.get(path);
    if (known) return known.index;
    const style = document.createElement('style');
    style.dataset.wxss = path;
    style.textContent = this.#theme.applyTo(this.#sources.get(path) ?? '');
    document.head.append(style);
    const index = this.#sheets.size;
    this.#sheets.set(path, { index, style });
    return index;
  }

  override disableStyleSheet(): void {}

  override onEvent(listener: Listener): void {
    this.#listener = listener;
    listenToGestures((source, type, detail, extraFields) =>
      this.#fire({ source, type, detail, extraFields, bubbles: true }),
    );
  }

  override setListenerStats(element: BackendElement, type: string): void {
    if (!element || !PASSED_ON.has(type)) return;
    const node = toDom(element);
    const types = this.#listened.get(node) ?? new Set();
    if (types.has(type)) return;
    this.#listened.set(node, types.add(type));
    node.addEventListener(type, (event) => {
      const source = { target: event.target, event };
      if (event.target === node) this.#fire({ source, type, detail: {}, extraFields: {}, bubbles: false });
    });
  }

  override createIntersectionObserver(
    target: BackendElement,
    relative: BackendElement | null,
    margin: string,
    thresholds: number[],
    listener: (status: backend.IntersectionStatus) => void,
  ): backend.Observer {
    const relativeTo = relative && toDom(relative);
    return observeIntersection({ target: toDom(target), relativeTo, margin, thresholds }, listener);
  }

  #fire({
    source,
    type,
    detail,
    extraFields,
    bubbles,
  }: {
    source: { readonly target: EventTarget | null; readonly event: Event };
    type: string;
    detail: unknown;
    extraFields: Record<string, unknown>;
    bubbles: boolean;
  }): void {
    const target = glassElementAt(source.target);
    if (!target) return;
    const answer = this.#listener(target, type, detail, {
      originalEvent: source,
      bubbles,
      composed: bubbles,
      capturePhase: true,
      extraFields,
    });
    if (answer === NO_DEFAULT && source.event.cancelable) source.event.preventDefault();
  }

  #applyTheme(): void {
    for (const [path, { style }] of this.#sheets) {
      style.textContent = this.#theme.applyTo(this.#sources.get(path) ?? '');
    }
  }
}

/** A custom component keeps its name; a tag without a dash could be one of HTML's own, so it gets a prefix. */
function tagInDom(tag: string): string {
  return ELEMENT_NAMES.has(tag) || /^[a-z]+$/.test(tag) ? `wx-${tag}` : tag;
}
