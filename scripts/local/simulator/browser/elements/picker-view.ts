import { onScreen } from '../screen.ts';
import { defineElement } from './define.ts';

const ROW_PX = 34;

/** Columns that are turned until the wanted row is in the middle. */
export const PICKER_VIEWS = [
  defineElement({ name: 'picker-view-column', properties: {} }),
  defineElement({
    name: 'picker-view',
    properties: { value: [], indicatorStyle: '', immediateChange: false },
    setup(node) {
      const { host } = node;
      const columns = () => [...host.querySelectorAll<HTMLElement>(':scope wx-picker-view-column')];
      const rowHeight = () => {
        const [, height] = onScreen(node.get('indicatorStyle')).match(/height:\s*([\d.]+)px/) ?? [];
        return Number(height ?? ROW_PX);
      };
      const chosen = () => columns().map(({ scrollTop }) => Math.round(scrollTop / rowHeight()));
      let shown = '';
      const turn = () => {
        host.style.setProperty('--row', `${rowHeight()}px`);
        for (const [index, column] of columns().entries())
          column.scrollTop = Number(node.get('value')[index] ?? 0) * rowHeight();
        shown = String(chosen());
      };
      const arrived = () => {
        const value = chosen();
        if (String(value) === shown) return;
        shown = String(value);
        node.set('value', value);
        node.emit('change', { value });
      };
      // Columns may come later than the element; a scroll does not bubble, so it is caught on its way down.
      host.addEventListener('scrollend', arrived, { capture: true });
      host.addEventListener('pointerdown', () => node.emit('pickstart'));
      host.addEventListener('pointerup', () => node.emit('pickend'));
      return {
        attached: () => void requestAnimationFrame(turn),
        update(name) {
          if (host.isConnected && (name === 'indicatorStyle' || String(node.get('value')) !== shown))
            requestAnimationFrame(turn);
        },
      };
    },
  }),
];
