/**
 * WeChat's own elements, as the compiler and the browser both need to know them: in the document each is `wx-<name>`.
 */
export const ELEMENT_NAMES: ReadonlySet<string> = new Set([
  ...['view', 'text', 'image', 'icon', 'progress', 'rich-text', 'scroll-view', 'swiper', 'swiper-item'],
  ...[
    'button',
    'input',
    'textarea',
    'checkbox',
    'checkbox-group',
    'radio',
    'radio-group',
    'switch',
    'slider',
  ],
  ...[
    'picker',
    'picker-view',
    'picker-view-column',
    'form',
    'label',
    'navigator',
    'root-portal',
    'page-meta',
  ],
  ...['navigation-bar', 'cover-view', 'cover-image', 'web-view', 'canvas', 'video', 'map', 'movable-area'],
  ...['movable-view', 'match-media', 'open-data', 'ad', 'block'],
]);
