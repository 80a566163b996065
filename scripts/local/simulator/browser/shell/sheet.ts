import type { Phone } from './phone.ts';

/**
 * Puts a sheet over the screen and hands it the keyboard; the answer takes it away and gives the focus back.
 *
 * @param onKey answers whether the key was for the sheet
 */
export function openSheet(phone: Phone, sheet: HTMLElement, onKey: (key: string) => boolean): () => void {
  const { activeElement } = document;
  const listen = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !onKey(event.key)) return;
    event.preventDefault();
  };
  const close = phone.cover(sheet, { masked: true, kind: 'sheet' });
  document.addEventListener('keydown', listen);
  sheet.tabIndex = -1;
  sheet.focus({ preventScroll: true });
  return () => {
    document.removeEventListener('keydown', listen);
    close();
    if (activeElement instanceof HTMLElement) activeElement.focus({ preventScroll: true });
  };
}
