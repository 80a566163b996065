import { setRole } from '../render/keyboard.ts';
import { defineElement } from './define.ts';
import { addField } from './fields.ts';

export const SWITCH = defineElement({
  name: 'switch',
  properties: { checked: false, disabled: false, type: 'switch', color: '', name: '' },
  setup(node) {
    const { host } = node;
    setRole(host, 'switch');
    let on = false;
    const show = (wanted: boolean) => {
      on = wanted;
      host.toggleAttribute('checked', on);
      host.setAttribute('aria-checked', String(on));
    };
    const activate = () => {
      if (node.get('disabled')) return;
      node.set('checked', !on);
      node.emit('change', { value: on });
    };
    addField(host, {
      name: () => node.get('name'),
      value: () => on,
      reset: () => node.set('checked', false),
      activate,
    });
    return {
      tap: activate,
      update(name) {
        if (name === 'checked') show(node.get('checked'));
        if (name === 'disabled') host.toggleAttribute('disabled', node.get('disabled'));
        if (name === 'color' && node.get('color')) host.style.setProperty('--switch', node.get('color'));
      },
    };
  },
});
