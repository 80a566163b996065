import { defineElement } from './define.ts';

const NAMES = [
  ...['picker-view', 'picker-view-column', 'cover-image', 'web-view', 'video', 'map', 'movable-area'],
  ...['movable-view', 'match-media', 'page-meta', 'navigation-bar', 'open-data', 'ad'],
];

/** Elements that the simulator has not: their place shows their name, so that nobody thinks the page is empty. */
export const MISSING_ELEMENTS = NAMES.map((name) =>
  defineElement({
    name,
    properties: { src: '' },
    setup(node) {
      node.host.classList.add('sim-missing');
      node.host.dataset.simMissing = `<${name}>`;
      return {};
    },
  }),
);
