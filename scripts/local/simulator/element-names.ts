/**
 * WeChat's own elements, as the compiler and the browser both need to know them: in the document each is `wx-<name>`.
 */
export const ELEMENT_NAMES: ReadonlySet<string> = new Set([
  ...['view', 'block', 'text', 'span', 'image', 'icon', 'progress', 'rich-text', 'scroll-view', 'swiper'],
  ...['swiper-item', 'button', 'input', 'textarea', 'checkbox', 'checkbox-group', 'radio', 'radio-group'],
  ...['switch', 'slider', 'picker', 'picker-view', 'picker-view-column', 'form', 'label', 'editor'],
  ...['editor-portal', 'keyboard-accessory', 'navigator', 'functional-page-navigator', 'root-portal'],
  ...['page-meta', 'navigation-bar', 'page-container', 'custom-wrapper', 'cover-view', 'cover-image'],
  ...['match-media', 'movable-area', 'movable-view', 'selection', 'native-component'],
  // Skyline's, of which most work in a web-view as well.
  ...[
    'list-view',
    'list-builder',
    'grid-view',
    'grid-builder',
    'sticky-section',
    'sticky-header',
    'snapshot',
  ],
  ...['share-element', 'open-container', 'nested-scroll-header', 'nested-scroll-body', 'draggable-sheet'],
  ...['double-tap-gesture-handler', 'force-press-gesture-handler', 'horizontal-drag-gesture-handler'],
  ...['long-press-gesture-handler', 'pan-gesture-handler', 'scale-gesture-handler', 'tap-gesture-handler'],
  ...['vertical-drag-gesture-handler'],
  // Media, maps, and WeChat's own services.
  ...['canvas', 'video', 'audio', 'camera', 'map', 'live-player', 'live-pusher', 'voip-room', 'channel-live'],
  ...[
    'channel-video',
    'xr-scene',
    'web-view',
    'open-data',
    'open-data-list',
    'open-data-item',
    'ad',
    'ad-custom',
  ],
  ...['official-account', 'store-home', 'store-product', 'store-coupon'],
]);
