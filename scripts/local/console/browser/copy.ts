import { h, setText } from './dom.ts';
import { say } from './words/language.ts';
import { COPY } from './words/tables.ts';

const SHOWN_MS = 1200;

/** A button that copies a text, which need not be on the page; none where the browser lets no page copy, as some a file. */
export function copyButton(text: string, label: string): HTMLElement | undefined {
  if (!('clipboard' in navigator)) return undefined;
  const button = h(
    'button',
    {
      class: 'copy',
      type: 'button',
      'aria-label': `${say(COPY).copy} ${label}`,
      'data-focus': `copy ${label}`,
    },
    say(COPY).copy,
  );
  button.addEventListener('click', async (event) => {
    event.stopPropagation();
    await navigator.clipboard.writeText(text);
    setText(button, say(COPY).copied);
    setTimeout(() => setText(button, say(COPY).copy), SHOWN_MS);
  });
  return button;
}
