import { defineElement } from './define.ts';

/** A view that a finger moves within its area. Inertia, friction and scaling with two fingers are not played. */
export const MOVABLES = [
  defineElement({ name: 'movable-area', properties: { scaleArea: false } }),
  defineElement({
    name: 'movable-view',
    properties: { direction: 'none', x: 0, y: 0, outOfBounds: false, disabled: false, scaleValue: 1 },
    setup(node) {
      const { host } = node;
      let at = { x: 0, y: 0 };
      const within = ({ x, y }: { x: number; y: number }) => {
        const area = host.parentElement;
        if (!area || node.get('outOfBounds')) return { x, y };
        const [width, height] = [area.clientWidth - host.offsetWidth, area.clientHeight - host.offsetHeight];
        const between = (value: number, end: number) =>
          Math.min(Math.max(value, Math.min(0, end)), Math.max(0, end));
        return { x: between(x, width), y: between(y, height) };
      };
      const move = (to: { x: number; y: number }, source: 'touch' | '') => {
        const next = within(to);
        const isMoved = next.x !== at.x || next.y !== at.y;
        at = next;
        host.style.transform = `translate(${at.x}px, ${at.y}px) scale(${node.get('scaleValue')})`;
        if (isMoved) node.emit('change', { ...at, source });
      };
      host.addEventListener('pointerdown', (down) => {
        const direction = node.get('direction');
        if (node.get('disabled') || direction === 'none') return;
        host.setPointerCapture(down.pointerId);
        const from = { x: at.x - down.clientX, y: at.y - down.clientY };
        const drag = ({ clientX, clientY }: PointerEvent) =>
          move(
            {
              x: direction === 'vertical' ? at.x : from.x + clientX,
              y: direction === 'horizontal' ? at.y : from.y + clientY,
            },
            'touch',
          );
        host.addEventListener('pointermove', drag);
        const drop = () => host.removeEventListener('pointermove', drag);
        host.addEventListener('pointerup', drop, { once: true });
        host.addEventListener('pointercancel', drop, { once: true });
      });
      const place = () => move({ x: node.get('x'), y: node.get('y') }, '');
      return {
        attached: () => void requestAnimationFrame(place),
        update(name) {
          if (host.isConnected && (name === 'x' || name === 'y' || name === 'scaleValue')) place();
        },
      };
    },
  }),
];
