import { Component, type GeneralComponent, type Element as GlassElement } from 'glass-easel';
import { screen } from '../screen.ts';
import { nodeOf } from './element-node.ts';
import { domOf } from './glass.ts';
import { viewportOrigin } from './viewport.ts';

/** What is asked of a node; each is true, or a list of names. */
export type Fields = Readonly<Record<string, unknown>>;
type Found = Readonly<Record<string, unknown>> | null;
type Callback = (found: unknown) => void;

interface Asked {
  readonly component: GeneralComponent;
  /** Null is the viewport. */
  readonly selector: string | null;
  readonly isSingle: boolean;
  readonly fields: Fields;
  readonly callback: Callback;
}

/** A component as `this` of a mini-program has it. */
interface Caller {
  readonly _$: GeneralComponent;
}

/**
 * WeChat's SelectorQuery. The framework's own has neither `node` and `ref` nor computed styles, and takes the viewport's
 * place for its scrolling
 * (https://developers.weixin.qq.com/miniprogram/dev/api/wxml/SelectorQuery.html).
 */
export class SelectorQuery {
  #component: GeneralComponent;
  readonly #asked: Asked[] = [];

  constructor(caller: Caller) {
    this.#component = caller._$;
  }

  in(caller: Caller): this {
    this.#component = caller._$;
    return this;
  }

  select(selector: string): NodesRef {
    return this.#nodes(selector, true);
  }

  selectAll(selector: string): NodesRef {
    return this.#nodes(selector, false);
  }

  selectViewport(): NodesRef {
    return this.#nodes(null, true);
  }

  exec(callback: Callback = () => {}): void {
    const asked = this.#asked.splice(0);
    // As on a phone, the answer comes after whatever runs now.
    setTimeout(() => {
      const results = asked.map((one) => {
        const found = find(one);
        one.callback(found);
        return found;
      });
      callback(results);
    });
  }

  #nodes(selector: string | null, isSingle: boolean): NodesRef {
    const component = this.#component;
    return new NodesRef((fields, callback) => {
      this.#asked.push({ component, selector, isSingle, fields, callback });
      return this;
    });
  }
}

class NodesRef {
  readonly fields: (fields: Fields, callback?: Callback) => SelectorQuery;

  constructor(ask: (fields: Fields, callback: Callback) => SelectorQuery) {
    this.fields = (fields, callback = () => {}) => ask(fields, callback);
  }

  boundingClientRect(callback?: Callback): SelectorQuery {
    return this.fields({ id: true, dataset: true, rect: true, size: true }, callback);
  }

  scrollOffset(callback?: Callback): SelectorQuery {
    return this.fields({ id: true, dataset: true, scrollOffset: true }, callback);
  }

  context(callback?: Callback): SelectorQuery {
    return this.fields({ context: true }, callback);
  }

  node(callback?: Callback): SelectorQuery {
    return this.fields({ node: true }, callback);
  }

  ref(callback?: Callback): SelectorQuery {
    return this.fields({ ref: true }, callback);
  }
}

function find({ component, selector, isSingle, fields }: Asked): Found | Found[] {
  if (selector === null) return viewport(component, fields);
  const root = component.getShadowRoot();
  if (!isSingle) return (root?.querySelectorAll(selector) ?? []).map((element) => describe(element, fields));
  const element = root?.querySelector(selector);
  return element ? describe(element, fields) : null;
}

function viewport(component: GeneralComponent, fields: Fields): Found {
  const scroll = domOf(component)?.closest('.sim-scroll');
  const page = scroll?.parentElement;
  const [width, height] = [screen().width, page?.clientHeight ?? screen().height];
  const asked = askedFor(fields);
  return {
    ...asked('id', { id: '' }),
    ...asked('dataset', { dataset: {} }),
    ...asked('rect', { left: 0, top: 0, right: width, bottom: height }),
    ...asked('size', { width, height }),
    ...asked('scrollOffset', scroll ? offsetOf(scroll) : {}),
  };
}

function describe(element: GlassElement, fields: Fields): Found {
  const host = domOf(element);
  const box = host?.getBoundingClientRect() ?? new DOMRect();
  const origin = viewportOrigin();
  const [left, top] = [box.left - origin.left, box.top - origin.top];
  const { width, height } = box;
  const asked = askedFor(fields);
  return {
    ...asked('id', { id: element.id }),
    ...asked('dataset', { dataset: element.dataset }),
    ...asked('mark', { mark: element.collectMarks() }),
    ...asked('rect', { left, top, right: left + width, bottom: top + height }),
    ...asked('size', { width, height }),
    ...asked('scrollOffset', host ? offsetOf(host) : {}),
    ...asked('node', { node: host ? nodeOf(host) : null }),
    ...asked('context', { context: host ? nodeOf(host) : null }),
    ...asked('ref', { ref: Component.isComponent(element) ? element.getMethodCaller() : null }),
    ...stylesOf(host, fields.computedStyle),
    ...propertiesOf(element, fields.properties),
  };
}

/** A part of an answer, where it was asked for. */
function askedFor(fields: Fields) {
  return (name: string, part: object) => (fields[name] === true ? part : {});
}

function offsetOf({ scrollLeft, scrollTop, scrollWidth, scrollHeight }: Element) {
  return { scrollLeft, scrollTop, scrollWidth, scrollHeight };
}

function stylesOf(host: HTMLElement | undefined, names: unknown): object {
  if (!host || !Array.isArray(names)) return {};
  const styles = getComputedStyle(host);
  const cssName = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return Object.fromEntries(names.map((name) => [name, styles.getPropertyValue(cssName(String(name)))]));
}

/** A copy: what a page changes in it changes nothing. */
function propertiesOf(element: GlassElement, names: unknown): object {
  if (!Array.isArray(names) || !Component.isComponent(element)) return {};
  const { data } = element;
  return Object.fromEntries(
    names.flatMap((name) => {
      const value: unknown = Reflect.get(data, String(name));
      return Component.hasProperty(element, String(name)) ? [[name, structuredClone(value)]] : [];
    }),
  );
}
