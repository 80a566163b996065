import { defineElement } from './define.ts';
import { addField } from './fields.ts';
import type { PickerColumns } from './services.ts';

export const PICKER = defineElement({
  name: 'picker',
  properties: {
    ...{ mode: 'selector', range: [], rangeKey: '', value: null, start: '', end: '', fields: 'day' },
    ...{ disabled: false, name: '', headerText: '' },
  },
  setup(node, { pick }) {
    const labelsOf = (column: unknown): string[] => {
      const key = node.get('rangeKey');
      return Array.isArray(column) ? column.map((item) => labelOf(item, key)) : [];
    };
    const columns = (): PickerColumns => {
      const title = node.get('headerText');
      const value = node.get('value');
      const mode = node.get('mode');
      if (mode === 'date' || mode === 'time') {
        const fields = node.get('fields');
        const kind = mode === 'time' ? 'time' : fields === 'month' || fields === 'year' ? fields : 'date';
        return { kind, title, value: String(value ?? ''), start: node.get('start'), end: node.get('end') };
      }
      const several = mode === 'multiSelector';
      return {
        kind: 'columns',
        title,
        labels: several ? node.get('range').map(labelsOf) : [labelsOf(node.get('range'))],
        chosen: several && Array.isArray(value) ? value.map(Number) : [Number(value ?? 0)],
        onColumnChange(column, index) {
          if (several) node.emit('columnchange', { column, value: index });
        },
      };
    };
    const activate = async () => {
      if (node.get('disabled')) return;
      const choice = await pick(columns());
      if (choice === undefined) {
        node.emit('cancel');
        return;
      }
      const value = node.get('mode') === 'selector' && typeof choice !== 'string' ? choice[0] : choice;
      node.set('value', value);
      node.emit('change', { value });
    };
    addField(node.host, {
      name: () => node.get('name'),
      value: () => node.get('value') ?? 0,
      reset: () => node.set('value', null),
      activate: () => void activate(),
    });
    return { tap: () => void activate() };
  },
});

function labelOf(item: unknown, key: string): string {
  if (key && typeof item === 'object' && item !== null)
    return String(Object.entries(item).find(([name]) => name === key)?.[1]);
  return String(item);
}
