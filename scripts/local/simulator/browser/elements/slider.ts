import { defineElement } from './define.ts';
import { addField } from './fields.ts';

export const SLIDER = defineElement({
  name: 'slider',
  properties: {
    ...{ min: 0, max: 100, step: 1, value: 0, disabled: false, name: '', showValue: false },
    ...{ activeColor: '#1aad19', backgroundColor: '#e9e9e9', blockSize: 28, blockColor: '#ffffff' },
  },
  setup(node) {
    const control = document.createElement('input');
    control.type = 'range';
    const figure = document.createElement('span');
    node.host.append(control, figure);
    const show = () => {
      figure.textContent = node.get('showValue') ? control.value : '';
    };
    control.addEventListener('input', () => {
      show();
      node.emit('changing', { value: Number(control.value) });
    });
    control.addEventListener('change', () => {
      node.set('value', Number(control.value));
      node.emit('change', { value: Number(control.value) });
    });
    addField(node.host, {
      name: () => node.get('name'),
      value: () => Number(control.value),
      reset: () => node.set('value', node.get('min')),
    });
    return {
      update() {
        control.min = String(node.get('min'));
        control.max = String(node.get('max'));
        control.step = String(node.get('step'));
        control.value = String(node.get('value'));
        control.disabled = node.get('disabled');
        control.style.accentColor = node.get('activeColor');
        show();
      },
    };
  },
});
