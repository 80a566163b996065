import { screen } from '../screen.ts';
import { defineElement } from './define.ts';

/** Elements that lay out their children. */
export const LAYOUT_ELEMENTS = [
  defineElement({
    name: 'sticky-header',
    properties: { offsetTop: 0 },
    setup: (node) => ({
      update() {
        node.host.style.top = `${node.get('offsetTop')}px`;
      },
    }),
  }),
  // A grid whose rows are as high as their highest cell: masonry is not played.
  ...['grid-view', 'grid-builder'].map((name) =>
    defineElement({
      name,
      properties: { crossAxisCount: 2, mainAxisGap: 0, crossAxisGap: 0, maxCrossAxisExtent: 0 },
      setup: (node) => ({
        update() {
          const extent = node.get('maxCrossAxisExtent');
          const columns = extent > 0 ? Math.ceil(screen().width / extent) : node.get('crossAxisCount');
          node.host.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
          node.host.style.gap = `${node.get('mainAxisGap')}px ${node.get('crossAxisGap')}px`;
        },
      }),
    }),
  ),
  defineElement({
    name: 'match-media',
    properties: {
      minWidth: 0,
      maxWidth: 0,
      width: 0,
      minHeight: 0,
      maxHeight: 0,
      height: 0,
      orientation: '',
    },
    setup: (node) => ({
      update() {
        const { width, height } = screen();
        const within = (size: number, at: number, [min, max]: readonly [number, number]) =>
          (at === 0 || size === at) && size >= min && (max === 0 || size <= max);
        const isMatch =
          within(width, node.get('width'), [node.get('minWidth'), node.get('maxWidth')]) &&
          within(height, node.get('height'), [node.get('minHeight'), node.get('maxHeight')]) &&
          node.get('orientation') !== 'landscape';
        node.host.toggleAttribute('data-unmatched', !isMatch);
      },
    }),
  }),
];
