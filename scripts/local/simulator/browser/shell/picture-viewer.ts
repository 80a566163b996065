import { h } from './dom.ts';
import type { Phone } from './phone.ts';
import { openSheet } from './sheet.ts';

/** Shows pictures over the whole screen: a tap or Esc ends it, arrows and the lower edge lead on. */
export function viewPictures(phone: Phone, urls: readonly string[], first: number): void {
  let at = first;
  const picture = h('img', { alt: '', 'data-testid': 'viewer-picture' });
  const place = h('span', { class: 'sim-viewer-place', 'data-testid': 'viewer-place' });
  const show = (to: number) => {
    at = Math.min(Math.max(to, 0), urls.length - 1);
    picture.src = urls[at] ?? '';
    place.textContent = `${at + 1}/${urls.length}`;
  };
  const step = (by: number) => (event: Event) => {
    event.stopPropagation();
    show(at + by);
  };
  const viewer = h(
    'div',
    {
      class: 'sim-viewer',
      role: 'dialog',
      'aria-modal': 'true',
      'aria-label': '图片预览',
      onclick: () => close(),
    },
    picture,
    h(
      'footer',
      {},
      h('button', { 'aria-label': '上一张', onclick: step(-1) }, '‹'),
      place,
      h('button', { 'aria-label': '下一张', onclick: step(1) }, '›'),
    ),
  );
  const close = openSheet(phone, viewer, (key) => {
    if (key === 'Escape') close();
    else if (key === 'ArrowLeft') show(at - 1);
    else if (key === 'ArrowRight') show(at + 1);
    else return false;
    return true;
  });
  show(first);
}
