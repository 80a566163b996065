import { reportMissing } from '../problems.ts';
import { readLanguage } from '../settings.ts';
import { WORDS } from '../shell/words.ts';
import { defineElement } from './define.ts';

/** What an element shows by itself: without it the page would look empty. */
const BOXES = [
  ...['editor', 'web-view', 'audio', 'camera', 'map'],
  ...['live-player', 'live-pusher', 'voip-room', 'channel-live', 'channel-video', 'ad', 'ad-custom'],
  ...['official-account', 'open-data', 'open-data-list', 'open-data-item', 'store-home', 'store-product'],
  ...['store-coupon', 'functional-page-navigator', 'keyboard-accessory', 'native-component', 'xr-scene'],
] as const;

/** What only adds to its children: they are shown, and what it would add is not. */
const WRAPPERS = [
  ...['page-meta', 'navigation-bar', 'page-container'],
  ...['draggable-sheet', 'double-tap-gesture-handler', 'force-press-gesture-handler'],
  ...['horizontal-drag-gesture-handler', 'long-press-gesture-handler', 'pan-gesture-handler'],
  ...['scale-gesture-handler', 'tap-gesture-handler', 'vertical-drag-gesture-handler', 'editor-portal'],
] as const;

/** Elements that the simulator has not: each is reported by its name, and a box with the name stands in its place. */
export const MISSING_ELEMENTS = [...BOXES, ...WRAPPERS].map((name) =>
  defineElement({
    name,
    properties: { src: '' },
    setup(node) {
      const isBox = BOXES.some((box) => box === name);
      node.host.classList.add(isBox ? 'sim-missing' : 'sim-missing-wrapper');
      node.host.dataset.simMissing = `${WORDS[readLanguage()].hasNo} <${name}>`;
      return { attached: () => reportMissing(`<${name}>`, node.owner) };
    },
  }),
);
