const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

/**
 * Makes one stop for Tab of many elements: arrow keys go from one to the next, Home and End to the ends. The elements may be
 * replaced at any time; `settle` is called after that.
 *
 * @param options.items a selector of the elements within `place`
 * @param options.chosen a selector of the one that Tab goes to first, where one is chosen
 */
export function rove(
  place: HTMLElement,
  { items, chosen = '[aria-checked=true], [aria-selected=true]' }: { items: string; chosen?: string },
): { settle(): void } {
  const all = () => [...place.querySelectorAll<HTMLElement>(items)];
  const stopAt = (stop: HTMLElement | undefined) => {
    for (const item of all()) item.tabIndex = item === stop ? 0 : -1;
  };
  const settle = () => {
    const found = all();
    const { activeElement } = document;
    const focused = found.find((item) => item === activeElement);
    stopAt(focused ?? found.find((item) => item.matches(chosen)) ?? found[0]);
  };
  place.addEventListener('focusin', ({ target }) => {
    const item = all().find((each) => each === target);
    if (item) stopAt(item);
  });
  place.addEventListener('keydown', (event) => {
    const found = all();
    const { activeElement } = document;
    const here = activeElement instanceof HTMLElement ? found.indexOf(activeElement) : -1;
    if (here < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const step = STEPS[event.key];
    const next =
      event.key === 'Home' ? found[0] : event.key === 'End' ? found.at(-1) : step && found[here + step];
    if (!next) return;
    next.focus();
    if (next.getAttribute('role') === 'radio') next.click();
    event.preventDefault();
  });
  return { settle };
}
