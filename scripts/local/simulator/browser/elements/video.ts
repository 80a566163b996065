import { defineElement } from './define.ts';

/** The browser's own events, under the names that a page binds. */
const EVENTS = { play: 'play', pause: 'pause', ended: 'ended', waiting: 'waiting' } as const;

/** A film, played by the browser: its controls are the browser's, and bullet comments, casting and playlists are not here. */
export const VIDEO = defineElement({
  name: 'video',
  properties: {
    ...{ src: '', poster: '', controls: true, autoplay: false, loop: false, muted: false, initialTime: 0 },
    ...{ objectFit: 'contain' },
  },
  setup(node, { assetUrl }) {
    const film = document.createElement('video');
    film.playsInline = true;
    node.host.append(film);
    const urlOf = (name: 'src' | 'poster') => (node.get(name) ? assetUrl(node.get(name), node.owner) : '');
    const load = () => {
      film.poster = urlOf('poster');
      const src = urlOf('src');
      if (src) film.src = src;
      else film.removeAttribute('src');
    };
    for (const [event, name] of Object.entries(EVENTS)) film.addEventListener(event, () => node.emit(name));
    film.addEventListener('timeupdate', () =>
      node.emit('timeupdate', { currentTime: film.currentTime, duration: film.duration }),
    );
    film.addEventListener('loadedmetadata', () => {
      if (node.get('initialTime') > 0) film.currentTime = node.get('initialTime');
      const { videoWidth: width, videoHeight: height, duration } = film;
      node.emit('loadedmetadata', { width, height, duration });
    });
    film.addEventListener('error', () => node.emit('error', { errMsg: film.error?.message ?? '' }));
    return {
      // Before it is attached, an element does not know whose template it is in.
      attached: load,
      detached: () => film.pause(),
      update(name) {
        switch (name) {
          case 'src':
          case 'poster':
            if (node.host.isConnected) load();
            break;
          case 'controls':
          case 'autoplay':
          case 'loop':
          case 'muted':
            film[name] = node.get(name);
            break;
          case 'objectFit':
            film.style.objectFit = node.get('objectFit');
            break;
        }
      },
    };
  },
});
