/** The page box that is on the screen now; a mini-program measures from its corner. */
let current: HTMLElement | undefined;

export function setViewport(page: HTMLElement): void {
  current = page;
}

export function viewportOrigin(): { readonly left: number; readonly top: number } {
  const { left, top } = current?.getBoundingClientRect() ?? { left: 0, top: 0 };
  return { left, top };
}

/** A point of the browser's window as the mini-program counts it. */
export function screenPoint({ clientX, clientY }: { clientX: number; clientY: number }): {
  x: number;
  y: number;
} {
  const { left, top } = viewportOrigin();
  return { x: clientX - left, y: clientY - top };
}
