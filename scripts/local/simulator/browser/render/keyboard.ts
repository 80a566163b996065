/** What can be reached by Tab and tapped by Enter, in the words of a template's roles. */
const ROLES = ['button', 'link', 'radio', 'checkbox', 'switch', 'tab', 'option', 'menuitem'];

/** Says what an element is to a screen reader, and lets the keyboard reach it where that is something to be tapped. */
export function setRole(host: HTMLElement, role: string): void {
  host.setAttribute('role', role);
  if (ROLES.includes(role) && !host.hasAttribute('tabindex')) host.tabIndex = 0;
}

/** Whether the focused element is tapped by this key. */
export function isKeyTap({ key, target, altKey, ctrlKey, metaKey }: KeyboardEvent): boolean {
  if (key !== 'Enter' && key !== ' ') return false;
  if (altKey || ctrlKey || metaKey || !(target instanceof HTMLElement)) return false;
  const isOfPage = target.closest('.sim-page') !== null && target.hasAttribute('role');
  const isBehindSheet = document.querySelector('.sim-cover[data-masked]') !== null;
  return isOfPage && !isBehindSheet && ROLES.includes(target.getAttribute('role') ?? '');
}
