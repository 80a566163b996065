import { Component, type Element, type GeneralComponent } from 'glass-easel';
import { onScreen } from '../screen.ts';
import { domOf } from './glass.ts';

/**
 * What WXS receives of an element, as WeChat's page "WXS responsive events" has it: the owner of the template as an argument, and
 * the element as `event.instance`. Styles and classes that WXS sets stay when setData sets others.
 */
export interface ComponentDescriptor {
  selectComponent(selector: string): ComponentDescriptor | null;
  selectAllComponents(selector: string): ComponentDescriptor[];
  /** A style text, or its properties by their names in CSS. */
  setStyle(style: string | Readonly<Record<string, string | number>>): ComponentDescriptor;
  addClass(names: string): ComponentDescriptor;
  removeClass(names: string): ComponentDescriptor;
  hasClass(name: string): boolean;
  getDataset(): Readonly<Record<string, unknown>>;
  /** Calls a method of the component, or of the page, in the logic layer. */
  callMethod(name: string, detail?: unknown): void;
  requestAnimationFrame(draw: () => void): void;
  /** An object that WXS keeps with the element. */
  getState(): Record<string, unknown>;
  triggerEvent(name: string, detail?: unknown): void;
  getComputedStyle(names: readonly string[]): Record<string, string>;
  setTimeout(work: () => void, ms: number): number;
  clearTimeout(id: number): void;
  getBoundingClientRect(): { left: number; top: number; width: number; height: number };
}

/** The part of an element's styles and classes that is WXS's own: glass-easel puts the parts together. */
const WXS_SEGMENT = 3;

const descriptors = new WeakMap<Element, ComponentDescriptor>();

/** The same each time for the same element, so that its state is. */
function descriptorOf(element: Element): ComponentDescriptor {
  let descriptor = descriptors.get(element);
  if (!descriptor) {
    descriptor = describe(element);
    descriptors.set(element, descriptor);
  }
  return descriptor;
}

function describe(element: Element): ComponentDescriptor {
  const state = {};
  const inside = () => (Component.isComponent(element) ? element.getShadowRoot() : undefined);
  const toggle = (names: string, isOn: boolean) => {
    for (const name of words(names)) element.toggleNodeClass(name, isOn, WXS_SEGMENT);
    return descriptor;
  };
  const descriptor: ComponentDescriptor = {
    selectComponent(selector) {
      const found = inside()?.querySelector(selector);
      return found ? descriptorOf(found) : null;
    },
    selectAllComponents: (selector) => inside()?.querySelectorAll(selector).map(descriptorOf) ?? [],
    setStyle(style) {
      element.setNodeStyle(onScreen(textOf(style)), WXS_SEGMENT);
      return descriptor;
    },
    addClass: (names) => toggle(names, true),
    removeClass: (names) => toggle(names, false),
    hasClass: (name) =>
      words(element.class).includes(name) || element.classList?.contains(name, WXS_SEGMENT) === true,
    getDataset: () => ({ ...element.dataset }),
    callMethod(name, detail) {
      const owner = Component.isComponent(element) ? element : element.ownerShadowRoot?.getHostNode();
      owner?.callMethod(name, detail);
    },
    requestAnimationFrame: (draw) => void requestAnimationFrame(draw),
    getState: () => state,
    triggerEvent: (name, detail) => void element.triggerEvent(name, detail),
    getComputedStyle(names) {
      const node = domOf(element);
      const computed = node && getComputedStyle(node);
      return Object.fromEntries(names.map((name) => [name, computed?.getPropertyValue(dashed(name)) ?? '']));
    },
    setTimeout: (work, ms) => window.setTimeout(work, ms),
    clearTimeout: (id) => window.clearTimeout(id),
    getBoundingClientRect() {
      let rect = { left: 0, top: 0, width: 0, height: 0 };
      element.getBoundingClientRect((measured) => {
        rect = measured;
      });
      return rect;
    },
  };
  return descriptor;
}

/** An event as WXS gets it: with `instance`, which the logic layer's event has not. */
function wxsEvent(event: object, element: Element | undefined): object {
  return Object.assign(Object.create(event), { instance: element && descriptorOf(element) });
}

type Observer = (
  value: unknown,
  before: unknown,
  owner: ComponentDescriptor,
  element: ComponentDescriptor,
) => void;

/**
 * Lets a WXS function observe a property: the framework hands it elements. It is called when the view is drawn, as on a phone:
 * the framework sets a first property before the elements that the function may select are there.
 */
export function observeByWxs(observer: Observer) {
  return (value: unknown, before: unknown, owner: GeneralComponent, element: Element): void =>
    queueMicrotask(() => observer(value, before, descriptorOf(owner), descriptorOf(element)));
}

/**
 * Calls an event's listener. One that is WXS gets the event with `instance`, and the owner.
 * @param place where the framework found the listener; 1 first is an own script, 2 an inline one; absent when an expression
 *   chose it, as in `bindtap="{{off || moves.tapped}}"`
 */
export function callListener(
  owner: GeneralComponent,
  event: { readonly currentTarget?: unknown },
  listener: (...values: unknown[]) => unknown,
  place?: readonly unknown[] | null,
): unknown {
  const host = isCaller(owner) ? owner._$ : owner;
  const isWxs = place ? place[0] === 1 || place[0] === 2 : !isMethod(host, listener);
  if (!isWxs) return listener.call(owner, event);
  return listener.call(undefined, wxsEvent(event, elementOf(event.currentTarget)), descriptorOf(host));
}

/** The methods of a component, of its definition and of its init(); the framework's typings leave them out. */
interface HiddenComponent {
  readonly _$methodMap: Readonly<Record<string, unknown>>;
}

/** A template names the methods of its component; a function that is none of them can only be WXS. */
function isMethod(host: GeneralComponent, listener: unknown): boolean {
  const { _$methodMap: methods } = host as unknown as HiddenComponent;
  for (const name in methods) if (methods[name] === listener) return true;
  return false;
}

/** The adapter's `this` of a method, which stands for its component. */
function isCaller(owner: object): owner is { readonly _$: GeneralComponent } {
  return '_$' in owner;
}

function elementOf(target: unknown): Element | undefined {
  return typeof target === 'object' && target !== null && 'setNodeStyle' in target
    ? (target as Element)
    : undefined;
}

function textOf(style: string | Readonly<Record<string, string | number>>): string {
  if (typeof style === 'string') return style;
  return Object.entries(style)
    .map(([name, value]) => `${dashed(name)}:${value}`)
    .join(';');
}

function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function words(names: string): string[] {
  return names.split(/\s+/).filter(Boolean);
}
