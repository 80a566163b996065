import type { PickerChoice, PickerColumns } from '../elements/services.ts';
import { h } from './dom.ts';
import type { Phone } from './phone.ts';

const INPUT_TYPES = { date: 'date', month: 'month', year: 'number', time: 'time' } as const;

/** The sheet of `<picker>`, with the browser's own lists and date fields in place of wheels. */
export function showPicker(phone: Phone, columns: PickerColumns): Promise<PickerChoice | undefined> {
  const { controls, read } = columns.kind === 'columns' ? listColumns(columns) : dateField(columns);
  return new Promise((resolve) => {
    const answer = (choose: () => PickerChoice | undefined) => () => {
      const choice = choose();
      remove();
      resolve(choice);
    };
    const sheet = h(
      'div',
      {
        class: 'sim-sheet sim-picker',
        role: 'dialog',
        'aria-modal': 'true',
        'aria-label': columns.title || '请选择',
      },
      h(
        'header',
        {},
        h('button', { class: 'sim-cancel', onclick: answer(() => undefined) }, '取消'),
        h('span', {}, columns.title),
        h('button', { class: 'sim-confirm', onclick: answer(read) }, '确定'),
      ),
      h('div', { class: 'sim-columns' }, ...controls),
    );
    const remove = phone.cover(sheet, { masked: true, kind: 'sheet' });
  });
}

function listColumns({ labels, chosen, onColumnChange }: PickerColumns & { kind: 'columns' }) {
  const controls = labels.map((column, index) => {
    const options = column.map((label, at) =>
      h('option', { value: at, selected: at === (chosen[index] ?? 0) }, label),
    );
    const list = h('select', { size: 5 }, ...options);
    list.addEventListener('change', () => onColumnChange(index, list.selectedIndex));
    return list;
  });
  return { controls, read: () => controls.map((list) => Math.max(list.selectedIndex, 0)) };
}

function dateField({ kind, value, start, end }: Exclude<PickerColumns, { kind: 'columns' }>) {
  const field = h('input', {
    type: INPUT_TYPES[kind],
    value,
    min: start || undefined,
    max: end || undefined,
  });
  return { controls: [field], read: () => field.value };
}
