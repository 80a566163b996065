import type { GeneralComponent } from 'glass-easel';

export const HOVER_PROPERTIES = {
  hoverClass: 'none',
  hoverStopPropagation: false,
  hoverStartTime: 50,
  hoverStayTime: 400,
} as const;

/** Adds the element's hover-class while a finger rests on it. */
export function addHover(component: GeneralComponent, host: HTMLElement): void {
  let classes: string[] = [];
  let timer = 0;
  const leave = () => {
    window.clearTimeout(timer);
    for (const name of classes) component.classList?.toggle(name, false);
    classes = [];
  };
  const enter = (event: Event) => {
    const { hoverClass, hoverStartTime, hoverStopPropagation } = component.data;
    if (hoverStopPropagation) event.stopPropagation();
    if (!hoverClass || hoverClass === 'none' || host.hasAttribute('disabled')) return;
    leave();
    timer = window.setTimeout(() => {
      classes = String(hoverClass).split(/\s+/).filter(Boolean);
      for (const name of classes) component.classList?.toggle(name, true);
    }, Number(hoverStartTime));
  };
  const lift = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(leave, Number(component.data.hoverStayTime));
  };
  host.addEventListener('pointerdown', enter);
  host.addEventListener('pointerup', lift);
  host.addEventListener('pointercancel', leave);
  host.addEventListener('pointerleave', leave);
}
