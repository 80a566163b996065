import { onMissing } from '../problems.ts';
import { readLanguage } from '../settings.ts';
import { h } from './dom.ts';
import type { Phone } from './phone.ts';
import { WORDS } from './words.ts';

/** Long enough to read a name. */
const SHOWN_MS = 4000;

/** Says on the phone, for a moment and over nothing that could be tapped, what the mini-program asked for and is not here. */
export function showMissing(phone: Phone): void {
  let names: string[] = [];
  let remove = () => {};
  let timer = 0;
  const hide = () => {
    names = [];
    remove();
  };
  onMissing((name) => {
    names.push(name);
    remove();
    const text = `${WORDS[readLanguage()].hasNo} ${names.join(', ')}`;
    remove = phone.cover(h('p', { class: 'sim-notice', role: 'status' }, text), {
      masked: false,
      kind: 'notice',
    });
    window.clearTimeout(timer);
    timer = window.setTimeout(hide, SHOWN_MS);
  });
}
