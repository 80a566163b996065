import { h, setText } from './dom.ts';

const SURE_MS = 3000;

/** A button for what cannot be taken back: the first press asks, the second does it. */
export function sureButton(
  { words, sure, testId, title }: { words: string; sure: string; testId: string; title?: string },
  act: () => void,
): HTMLElement {
  let isAsking = false;
  const button = h('button', { type: 'button', class: 'sure', title, 'data-testid': testId }, words);
  const calm = () => {
    isAsking = false;
    setText(button, words);
    button.classList.remove('asking');
  };
  button.addEventListener('click', () => {
    if (isAsking) {
      calm();
      act();
      return;
    }
    isAsking = true;
    setText(button, sure);
    button.classList.add('asking');
    setTimeout(calm, SURE_MS);
  });
  return button;
}
