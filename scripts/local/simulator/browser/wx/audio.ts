import { reportError } from '../problems.ts';
import { listeners } from './listeners.ts';

/** Events of the browser's player, by the phone's names for their listeners. */
const EVENTS: Readonly<Record<string, string>> = {
  Canplay: 'canplay',
  Play: 'play',
  Pause: 'pause',
  Ended: 'ended',
  TimeUpdate: 'timeupdate',
  Waiting: 'waiting',
  Seeking: 'seeking',
  Seeked: 'seeked',
};
/** What of the player a page reads and sets under the same name. */
const SHARED = ['autoplay', 'loop', 'volume', 'playbackRate', 'currentTime', 'duration', 'paused'] as const;

/** https://developers.weixin.qq.com/miniprogram/dev/api/media/audio/InnerAudioContext.html */
export function createInnerAudioContext(assetUrl: (src: string) => string): object {
  const player = new Audio();
  let given = '';
  const errors = listeners<object>('InnerAudioContext.onError');
  const stops = listeners<object>('InnerAudioContext.onStop');
  player.addEventListener('error', () => errors.emit({ errCode: 10004, errMsg: 'MediaError' }));
  const play = () =>
    void player.play().catch((error: unknown) => reportError('InnerAudioContext.play', error));
  const context: Record<string, unknown> = {
    startTime: 0,
    play,
    pause: () => player.pause(),
    stop() {
      player.pause();
      player.currentTime = 0;
      stops.emit({});
    },
    seek(position: number) {
      player.currentTime = position;
    },
    destroy() {
      player.pause();
      player.removeAttribute('src');
    },
    ...{ onError: errors.add, offError: errors.remove, onStop: stops.add, offStop: stops.remove },
  };
  for (const [name, event] of Object.entries(EVENTS)) {
    const known = listeners<object>(`InnerAudioContext.on${name}`);
    player.addEventListener(event, () => known.emit({}));
    Object.assign(context, { [`on${name}`]: known.add, [`off${name}`]: known.remove });
  }
  for (const name of SHARED) {
    Object.defineProperty(context, name, {
      get: () => player[name],
      set: (value: unknown) => void Reflect.set(player, name, value),
    });
  }
  return Object.defineProperty(context, 'src', {
    get: () => given,
    set(src: string) {
      given = src;
      player.src = assetUrl(src);
    },
  });
}
