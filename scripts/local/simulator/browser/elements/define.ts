import type { ComponentSpace, GeneralComponent, typeUtils } from 'glass-easel';
import { domOf } from '../render/glass.ts';
import { playAnimation } from './animation.ts';
import { ARIA_PROPERTIES, applyAria } from './aria.ts';
import { addHover, HOVER_PROPERTIES } from './hover.ts';
import type { ElementServices } from './services.ts';

/** A property's first value, which also says its type; null is a property of any type. */
type First = string | number | boolean | readonly unknown[] | null;
type Properties = Readonly<Record<string, First>>;
type ValueOf<F extends First> = F extends string
  ? string
  : F extends number
    ? number
    : F extends boolean
      ? boolean
      : F extends readonly unknown[]
        ? readonly unknown[]
        : unknown;

/** One use of an element in a page. */
export interface ElementNode<P extends Properties> {
  readonly host: HTMLElement;
  /** The page or component in whose template it is; relative paths begin there. */
  readonly owner: string;
  get<Name extends keyof P & string>(name: Name): ValueOf<P[Name]>;
  /** What the shopper did to a property; `model:` receives it. */
  set(name: keyof P & string, value: unknown): void;
  emit(event: string, detail?: unknown, options?: { readonly bubbles?: boolean }): void;
  /** Class names of the owner's style sheet, for a part that the element draws itself. */
  classNames(names: string): string;
}

/** What an element does. Called once for each use; `update` then once for every property, and at each change. */
export interface ElementBehavior<P extends Properties> {
  update?(name: keyof P & string): void;
  tap?(source: EventTarget | null): void;
  attached?(): void;
  detached?(): void;
}

export type RegisterElement = (space: ComponentSpace, services: ElementServices) => void;

/**
 * Defines one of WeChat's own elements.
 *
 * @param hover the class that a finger on it adds unless the template says otherwise; absent for elements without
 */
export function defineElement<const P extends Properties>({
  name,
  properties,
  hover,
  setup = () => ({}),
}: {
  name: string;
  properties: P;
  hover?: string;
  setup?: (node: ElementNode<P>, services: ElementServices) => ElementBehavior<P>;
}): RegisterElement {
  const all: Properties = {
    ...properties,
    hidden: false,
    animation: null,
    ...(hover !== undefined && { ...HOVER_PROPERTIES, hoverClass: hover }),
  };
  return (space, services) => {
    const behaviors = new WeakMap<GeneralComponent, ElementBehavior<P>>();
    const update = (component: GeneralComponent, property: string) => {
      const host = domOf(component);
      if (property === 'hidden') host?.toggleAttribute('hidden', Boolean(component.data.hidden));
      else if (host && property === 'animation') void playAnimation(host, component.data.animation);
      else if (host && property in ARIA_PROPERTIES) applyAria(host, property, component.data[property]);
      else if (property in properties) behaviors.get(component)?.update?.(property);
    };
    const definition = space.defineComponent({
      is: `wx://${name}`,
      options: { writeFieldsToNode: false, idPrefixGenerator: null, writeIdToDOM: true },
      properties: toPropertyList({ ...ARIA_PROPERTIES, ...all }),
      observers: observersFor(Object.keys({ ...ARIA_PROPERTIES, ...all }), update),
      lifetimes: {
        created(this: GeneralComponent) {
          const node = createNode<P>(this, name);
          const behavior = setup(node, services);
          node.host.setAttribute('builtin', '');
          behaviors.set(this, behavior);
          if (hover !== undefined) addHover(this, node.host);
          const { tap } = behavior;
          if (tap) this.addListener('tap', (event) => tap(sourceOf(event.getOriginalEvent())));
          for (const property of Object.keys(properties)) update(this, property);
        },
        attached(this: GeneralComponent) {
          behaviors.get(this)?.attached?.();
        },
        detached(this: GeneralComponent) {
          behaviors.get(this)?.detached?.();
        },
      },
    });
    space.setGlobalUsingComponent(name, definition.general());
  };
}

function createNode<P extends Properties>(component: GeneralComponent, name: string): ElementNode<P> {
  // What a component draws after it was taken out of the page is drawn, and nobody sees it.
  const host = domOf(component) ?? document.createElement(`wx-${name}`);
  const ownerOf = () => component.ownerShadowRoot?.getHostNode();
  return {
    host,
    get owner() {
      return ownerOf()?.is ?? '';
    },
    get: (name) => component.data[name],
    set: (name, value) => component.setData({ [name]: value }),
    emit: (event, detail = {}, options = {}) => component.triggerEvent(event, detail, options),
    classNames(names) {
      const scope = ownerOf()?.getComponentOptions().styleScope;
      const manager = ownerOf()?.getRootBehavior().ownerSpace.styleScopeManager;
      const prefix = typeof scope === 'number' ? manager?.queryName(scope) : undefined;
      const words = names.split(/\s+/).filter(Boolean);
      return words.flatMap((word) => (prefix ? [`${prefix}--${word}`, word] : [word])).join(' ');
    },
  };
}

function toPropertyList(properties: Properties): typeUtils.PropertyList {
  const list: typeUtils.PropertyList = {};
  for (const [name, first] of Object.entries(properties)) {
    list[name] = { type: typeOf(first), value: Array.isArray(first) ? [...first] : first };
  }
  return list;
}

function typeOf(first: First) {
  if (Array.isArray(first)) return Array;
  switch (typeof first) {
    case 'string':
      return String;
    case 'number':
      return Number;
    case 'boolean':
      return Boolean;
    default:
      return null;
  }
}

function observersFor(names: readonly string[], update: (component: GeneralComponent, name: string) => void) {
  return Object.fromEntries(
    names.map((name) => [
      name,
      function (this: GeneralComponent) {
        update(this, name);
      },
    ]),
  );
}

/** Gestures have the place where they began; an event of another element has no such place. */
function sourceOf(original: unknown): EventTarget | null {
  if (typeof original !== 'object' || original === null || !('target' in original)) return null;
  return original.target instanceof EventTarget ? original.target : null;
}
