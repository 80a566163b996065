import { isKeyTap } from './keyboard.ts';
import { screenPoint } from './viewport.ts';

/** A finger that moved further than this did not tap. */
const TAP_DISTANCE_PX = 10;
const LONG_PRESS_MS = 350;
/** After a touch, browsers send mouse events of their own; they are not a second tap. */
const MOUSE_AFTER_TOUCH_MS = 700;

interface Finger {
  readonly identifier: number;
  readonly clientX: number;
  readonly clientY: number;
}

export type GestureListener = (
  source: { readonly target: EventTarget | null; readonly event: Event },
  type: string,
  detail: Readonly<Record<string, number>>,
  fields: { readonly touches: readonly unknown[]; readonly changedTouches: readonly unknown[] },
) => void;

/** Makes a phone's events (touchstart, touchmove, touchend, tap, longpress) of the browser's touches or mouse. */
export function listenToGestures(listener: GestureListener): void {
  let press:
    | { from: Finger; target: EventTarget | null; moved: boolean; long: boolean; timer: number }
    | undefined;
  let lastTouch = Number.NEGATIVE_INFINITY;

  const emit = (event: Event, target: EventTarget | null, type: string, finger: Finger, ended = false) => {
    const { x, y } = screenPoint(finger);
    const touch = { identifier: finger.identifier, pageX: x, pageY: y, clientX: x, clientY: y };
    listener({ target, event }, type, { x, y }, { touches: ended ? [] : [touch], changedTouches: [touch] });
  };

  const start = (event: Event, finger: Finger) => {
    const target = event.target;
    const timer = window.setTimeout(() => {
      if (!press || press.moved) return;
      press.long = true;
      emit(event, target, 'longpress', finger);
      emit(event, target, 'longtap', finger);
    }, LONG_PRESS_MS);
    press = { from: finger, target, moved: false, long: false, timer };
    emit(event, target, 'touchstart', finger);
  };

  const move = (event: Event, finger: Finger) => {
    if (!press) return;
    const { clientX, clientY } = press.from;
    const distance = Math.hypot(finger.clientX - clientX, finger.clientY - clientY);
    if (distance > TAP_DISTANCE_PX) press.moved = true;
    emit(event, press.target, 'touchmove', finger);
  };

  const end = (event: Event, finger: Finger, type: 'touchend' | 'touchcancel') => {
    if (!press) return;
    const { target, moved, long, timer } = press;
    press = undefined;
    window.clearTimeout(timer);
    emit(event, target, type, finger, true);
    if (type === 'touchend' && !moved && !long && !isDisabled(target)) emit(event, target, 'tap', finger);
  };

  const touch = (handle: (event: Event, finger: Finger) => void) => (event: TouchEvent) => {
    lastTouch = event.timeStamp;
    const finger = event.changedTouches.item(0);
    if (finger) handle(event, finger);
  };
  const mouse = (handle: (event: Event, finger: Finger) => void) => (event: MouseEvent) => {
    if (event.button !== 0 || event.timeStamp - lastTouch < MOUSE_AFTER_TOUCH_MS) return;
    handle(event, { identifier: 0, clientX: event.clientX, clientY: event.clientY });
  };
  const lift = (event: Event, finger: Finger) => end(event, finger, 'touchend');
  const drop = (event: Event, finger: Finger) => end(event, finger, 'touchcancel');

  /** As if a finger tapped the middle of what has the focus. */
  const keyTap = (event: KeyboardEvent) => {
    const { target } = event;
    if (!isKeyTap(event) || event.repeat || !(target instanceof Element) || isDisabled(target)) return;
    event.preventDefault();
    const { left, top, width, height } = target.getBoundingClientRect();
    emit(event, target, 'tap', { identifier: 0, clientX: left + width / 2, clientY: top + height / 2 });
  };

  const options = { capture: true, passive: false };
  document.addEventListener('keydown', keyTap, options);
  document.addEventListener('touchstart', touch(start), options);
  document.addEventListener('touchmove', touch(move), options);
  document.addEventListener('touchend', touch(lift), options);
  document.addEventListener('touchcancel', touch(drop), options);
  document.addEventListener('mousedown', mouse(start), options);
  document.addEventListener('mousemove', mouse(move), options);
  document.addEventListener('mouseup', mouse(lift), options);
}

/** A disabled button swallows its taps. */
function isDisabled(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('wx-button[disabled]') !== null;
}
