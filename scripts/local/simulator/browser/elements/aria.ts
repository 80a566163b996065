import { setRole } from '../render/keyboard.ts';

/** What a template may say to a screen reader, on any element. `aria-role` is WeChat's spelling, `role` the web's. */
export const ARIA_PROPERTIES = Object.fromEntries(
  [
    ...['role', 'ariaRole', 'tabindex', 'ariaLabel', 'ariaLabelledby', 'ariaDescribedby', 'ariaHidden'],
    ...['ariaChecked', 'ariaSelected', 'ariaDisabled', 'ariaExpanded', 'ariaHaspopup', 'ariaRequired'],
    ...['ariaReadonly', 'ariaLive', 'ariaAtomic', 'ariaBusy', 'ariaInvalid', 'ariaPressed', 'ariaCurrent'],
    ...['ariaOrientation', 'ariaMultiline', 'ariaMultiselectable', 'ariaControls', 'ariaModal', 'ariaLevel'],
    ...['ariaValuemin', 'ariaValuemax', 'ariaValuenow', 'ariaValuetext'],
  ].map((name) => [name, null]),
);

export function applyAria(host: HTMLElement, property: string, value: unknown): void {
  const attribute =
    property === 'ariaRole' ? 'role' : property.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  if (value === null || value === undefined || value === '') host.removeAttribute(attribute);
  else if (attribute === 'role') setRole(host, String(value));
  else host.setAttribute(attribute, String(value));
}
