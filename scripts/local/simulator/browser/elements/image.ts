import { defineElement } from './define.ts';

const SIZES: Readonly<Record<string, string>> = {
  aspectFit: 'contain',
  aspectFill: 'cover',
  scaleToFill: '100% 100%',
};
const PLACES = new Set([
  'top',
  'bottom',
  'center',
  'left',
  'right',
  'top left',
  'top right',
  'bottom left',
  'bottom right',
]);

/** A picture in the page, and one that may lie over native elements. */
export const IMAGES = ['image', 'cover-image'].map((name) =>
  defineElement({
    name,
    properties: { src: '', mode: 'scaleToFill', lazyLoad: false, webp: false, showMenuByLongpress: false },
    setup(node, { assetUrl }) {
      const { host } = node;
      const picture = document.createElement('div');
      const loader = document.createElement('img');
      loader.alt = '';
      host.append(picture, loader);

      /** Two modes let one side follow the picture; the others place it within the element. */
      const place = () => {
        const mode = node.get('mode');
        picture.style.backgroundSize = PLACES.has(mode) ? 'auto' : (SIZES[mode] ?? '100% 100%');
        picture.style.backgroundPosition = PLACES.has(mode) ? mode : 'center';
        const { naturalWidth: width, naturalHeight: height } = loader;
        if (!width || !height) return;
        if (mode === 'widthFix') host.style.height = `${(host.clientWidth * height) / width}px`;
        if (mode === 'heightFix') host.style.width = `${(host.clientHeight * width) / height}px`;
      };
      loader.addEventListener('load', () => {
        place();
        node.emit('load', { width: loader.naturalWidth, height: loader.naturalHeight });
      });
      loader.addEventListener('error', () =>
        node.emit('error', { errMsg: `GET ${node.get('src')} 404 (Not Found)` }),
      );

      const load = () => {
        const url = node.get('src') ? assetUrl(node.get('src'), node.owner) : '';
        picture.style.backgroundImage = url ? `url(${JSON.stringify(url)})` : '';
        if (url) loader.src = url;
        else loader.removeAttribute('src');
      };
      return {
        // Before it is attached, an element does not know whose template it is in.
        attached: load,
        update(name) {
          if (name === 'src' && host.isConnected) load();
          if (name === 'mode') place();
        },
      };
    },
  }),
);
