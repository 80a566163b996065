import { defineElement } from './define.ts';

/** On a phone these lie on another layer, keep their place, or are drawn lazily; in the document they only hold others. */
const PLAIN = [
  ...['custom-wrapper', 'selection', 'span', 'list-view', 'list-builder', 'sticky-section', 'snapshot'],
  ...['share-element', 'open-container', 'nested-scroll-header', 'nested-scroll-body'],
];

/** Elements that only hold others, show text, or are a shape. */
export const BASIC_ELEMENTS = [
  defineElement({ name: 'view', properties: {}, hover: 'none' }),
  defineElement({ name: 'cover-view', properties: {}, hover: 'none' }),
  defineElement({ name: 'block', properties: {} }),
  ...PLAIN.map((name) => defineElement({ name, properties: {} })),
  defineElement({ name: 'root-portal', properties: { enable: true } }),
  defineElement({
    name: 'text',
    properties: { selectable: false, userSelect: false, space: '', decode: false },
    setup: (node) => ({
      update(name) {
        if (name === 'space') node.host.dataset.space = node.get('space');
        else node.host.toggleAttribute('selectable', node.get('selectable') || node.get('userSelect'));
      },
    }),
  }),
  defineElement({
    name: 'icon',
    properties: { type: '', size: 23, color: '' },
    setup: (node) => ({
      update() {
        node.host.dataset.type = node.get('type');
        node.host.style.setProperty('--icon-size', `${node.get('size')}px`);
        node.host.style.setProperty('--icon-color', node.get('color') || 'var(--icon-default)');
      },
    }),
  }),
  defineElement({
    name: 'progress',
    properties: {
      percent: 0,
      showInfo: false,
      strokeWidth: 6,
      color: '',
      activeColor: '#09bb07',
      backgroundColor: '#ebebeb',
    },
    setup(node) {
      const bar = document.createElement('i');
      const figure = document.createElement('span');
      node.host.append(bar, figure);
      return {
        update() {
          const percent = Math.min(Math.max(node.get('percent'), 0), 100);
          const color = node.get('color') || node.get('activeColor');
          bar.style.height = `${node.get('strokeWidth')}px`;
          bar.style.background = `linear-gradient(${color} 0 0) 0 0 / ${percent}% 100% no-repeat ${node.get('backgroundColor')}`;
          figure.textContent = node.get('showInfo') ? `${percent}%` : '';
        },
      };
    },
  }),
];
