import { setRole } from '../render/keyboard.ts';
import { defineElement } from './define.ts';
import { addField, fieldsIn } from './fields.ts';

interface Choice {
  checked(): boolean;
  value(): string;
  set(checked: boolean): void;
}

const CHOICES = new WeakMap<Element, Choice>();
/** What a group does when one of its choices was tapped. */
const GROUPS = new WeakMap<Element, (changed: Choice) => void>();

export const CHOICE_ELEMENTS = [
  defineGroup('radio'),
  defineGroup('checkbox'),
  defineChoice('radio'),
  defineChoice('checkbox'),
];

function defineGroup(kind: 'radio' | 'checkbox') {
  return defineElement({
    name: `${kind}-group`,
    properties: { name: '' },
    setup(node) {
      const choices = () => fieldsIn(node.host).flatMap(({ host }) => CHOICES.get(host) ?? []);
      const value = () => {
        const checked = choices().flatMap((choice) => (choice.checked() ? [choice.value()] : []));
        return kind === 'radio' ? (checked[0] ?? '') : checked;
      };
      if (kind === 'radio') node.host.setAttribute('role', 'radiogroup');
      GROUPS.set(node.host, (changed) => {
        if (kind === 'radio') for (const choice of choices()) if (choice !== changed) choice.set(false);
        node.emit('change', { value: value() });
      });
      addField(node.host, {
        name: () => node.get('name'),
        value,
        reset() {
          for (const choice of choices()) choice.set(false);
        },
      });
      return {};
    },
  });
}

function defineChoice(kind: 'radio' | 'checkbox') {
  return defineElement({
    name: kind,
    properties: { value: '', checked: false, disabled: false, color: '' },
    setup(node) {
      const { host } = node;
      let checked = false;
      const mark = document.createElement('i');
      mark.className = 'sim-mark';
      host.prepend(mark);
      setRole(host, kind);
      const choice: Choice = {
        checked: () => checked,
        value: () => node.get('value'),
        set(wanted) {
          checked = wanted;
          host.toggleAttribute('checked', wanted);
          host.setAttribute('aria-checked', String(wanted));
        },
      };
      const activate = () => {
        if (node.get('disabled') || (kind === 'radio' && checked)) return;
        choice.set(!checked);
        const group = host.closest(`wx-${kind}-group`);
        if (group) GROUPS.get(group)?.(choice);
      };
      CHOICES.set(host, choice);
      addField(host, { name: () => '', value: () => '', reset: () => choice.set(false), activate });
      return {
        tap: activate,
        update(name) {
          if (name === 'checked') choice.set(node.get('checked'));
          if (name === 'disabled') host.toggleAttribute('disabled', node.get('disabled'));
          if (name === 'color' && node.get('color')) mark.style.setProperty('--mark', node.get('color'));
        },
      };
    },
  });
}
