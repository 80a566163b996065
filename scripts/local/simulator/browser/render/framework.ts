import {
  addGlobalErrorListener,
  addGlobalWarningListener,
  Element,
  type GeneralComponent,
} from 'glass-easel';
import { CodeSpace, component } from 'glass-easel-miniprogram-adapter';
import { reportError, reportWarning } from '../problems.ts';
import { carriedData } from '../program/carried-data.ts';
import { onScreen } from '../screen.ts';
import { animate, clearAnimation } from './animate.ts';
import { domOf } from './glass.ts';
import { SelectorQuery } from './selector-query.ts';
import { viewportOrigin } from './viewport.ts';

/**
 * Fits glass-easel to the simulator. Each of these is a place where the framework leaves something to the host and has
 * no setting for it. Called once, before anything is registered.
 */
export function fitFramework(): void {
  listenToProblems();
  showIdsAndDatasets();
  convertInlineRpx();
  measureFromViewport();
  checkSetData();
  tellFirstIntersection();
  completeCallers();
  addToComponents();
}

/** A method that the adapter's typings leave out: it makes a component's options from its JSON and its definition. */
interface HiddenCodeSpace {
  prepareComponentOptions(path: string, options: unknown): [options: object, styleIsolation: string];
}

function listenToProblems(): void {
  addGlobalErrorListener((error, method, related) => {
    const where = typeof related === 'object' ? related.is : related;
    reportError([where, method].filter(Boolean).join(' ') || 'framework', error);
    return false;
  });
  addGlobalWarningListener((message, related) => {
    const where = typeof related === 'object' ? related.is : related;
    // What a package does not know is not this project's to fix.
    if (!message.includes('miniprogram_npm/') && !where.includes('miniprogram_npm/')) {
      reportWarning(where ? `${where}: ${message}` : message);
    }
    return false;
  });
}

/** Tests and people find elements by id and data-*; the framework would keep both to itself. */
function showIdsAndDatasets(): void {
  const codeSpace = CodeSpace.prototype as unknown as HiddenCodeSpace;
  const prepare = codeSpace.prepareComponentOptions;
  codeSpace.prepareComponentOptions = function (path, options) {
    const prepared = prepare.call(this, path, options);
    // A property may be called `dataset` or `id`, so properties are not written to the node.
    Object.assign(prepared[0], { idPrefixGenerator: null, writeIdToDOM: true, writeFieldsToNode: false });
    return prepared;
  };

  const { setDataset } = Element.prototype;
  Element.prototype.setDataset = function (name, value) {
    setDataset.call(this, name, value);
    const attribute = `data-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (value === undefined || value === null) domOf(this)?.removeAttribute(attribute);
    else if (typeof value !== 'object') domOf(this)?.setAttribute(attribute, String(value));
  };
}

function convertInlineRpx(): void {
  const { setNodeStyle } = Element.prototype;
  Element.prototype.setNodeStyle = function (style, segment) {
    setNodeStyle.call(this, onScreen(style), segment);
  };
}

function measureFromViewport(): void {
  const { getBoundingClientRect } = Element.prototype;
  Element.prototype.getBoundingClientRect = function (answer) {
    getBoundingClientRect.call(this, ({ left, top, width, height }) => {
      const origin = viewportOrigin();
      answer({ left: left - origin.left, top: top - origin.top, width, height });
    });
  };
}

const closed = new WeakSet<GeneralComponent>();

/** From now on nothing is drawn in this page any more: an answer that comes too late finds its page gone. */
export function closePage(page: GeneralComponent): void {
  closed.add(page);
}

function isClosed(component: GeneralComponent): boolean {
  const owner = component.ownerShadowRoot?.getHostNode();
  return closed.has(component) || (owner !== undefined && isClosed(owner));
}

/** Packages are left alone: several keep functions in their data, and a phone lets them. */
function checkSetData(): void {
  const caller = component.ComponentCaller.prototype;
  const { setData } = caller;
  caller.setData = function (data: Record<string, unknown>, callback?: () => void) {
    if (isClosed(this._$)) return;
    if (this.is.includes('miniprogram_npm/')) return setData.call(this, withoutUndefined(data), callback);
    setData.call(this, carriedOrReported(data, `${this.is} setData`), callback);
  };
}

/** A phone does not set a field to undefined, whoever asks. */
function withoutUndefined(data: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
}

function carriedOrReported(data: Record<string, unknown>, name: string) {
  try {
    return carriedData(data, name, reportWarning);
  } catch (error) {
    reportError('setData', error);
    throw error;
  }
}

/** What the adapter leaves to the host, and a selector query that knows more than its own. */
function addToComponents(): void {
  const caller = component.ComponentCaller.prototype;
  Object.assign(caller, {
    animate,
    clearAnimation,
    createSelectorQuery(this: { readonly _$: GeneralComponent }) {
      return new SelectorQuery(this);
    },
  });
}

/** What an observer's margins leave out is 0; the adapter takes only all four. */
function whole(margins: Readonly<Record<string, unknown>> | undefined) {
  return { left: 0, top: 0, right: 0, bottom: 0, ...margins };
}

/**
 * A phone reports at once when an element already crosses the viewport; the adapter reports then, and only then, nothing.
 * Without an initial ratio of its own it always reports, and what equals the initial ratio is left out here.
 */
function tellFirstIntersection(): void {
  const caller = component.ComponentCaller.prototype;
  const { createIntersectionObserver } = caller;
  caller.createIntersectionObserver = function (options) {
    const observer = createIntersectionObserver.call(this, options);
    Object.assign(observer, { _$initialRatio: null });
    const { relativeTo, relativeToViewport } = observer;
    observer.relativeTo = (selector, margins) => relativeTo.call(observer, selector, whole(margins));
    observer.relativeToViewport = (margins) => relativeToViewport.call(observer, whole(margins));
    const observe = observer.observe.bind(observer);
    observer.observe = (selector, listener) => {
      let isFirst = true;
      observe(selector, (status) => {
        const isInitial = isFirst && status.intersectionRatio === (options?.initialRatio ?? 0);
        isFirst = false;
        if (!isInitial) listener(status);
      });
    };
    return observer;
  };
}

const pageIds = new WeakMap<GeneralComponent, string>();

/** The id that a page, and every component in it, answers when it is asked for `getPageId()`. */
export function namePage(page: GeneralComponent, id: string): void {
  pageIds.set(page, id);
}

function pageIdOf(component: GeneralComponent): string | undefined {
  const owner = component.ownerShadowRoot?.getHostNode();
  return owner ? pageIdOf(owner) : pageIds.get(component);
}

/** What the adapter leaves out of `this`: components that are made for Skyline as well ask which of the two draws them. */
function completeCallers(): void {
  Object.assign(component.ComponentCaller.prototype, {
    renderer: 'webview',
    getPageId(this: { readonly _$: GeneralComponent }) {
      return pageIdOf(this._$);
    },
  });
}
