import { onScreen } from '../screen.ts';
import { defineElement } from './define.ts';
import { addField } from './fields.ts';

const PROPERTIES = {
  value: '',
  type: 'text',
  password: false,
  placeholder: '',
  placeholderStyle: '',
  placeholderClass: 'input-placeholder',
  disabled: false,
  maxlength: 140,
  focus: false,
  autoFocus: false,
  autoHeight: false,
  confirmType: 'done',
  confirmHold: false,
  holdKeyboard: false,
  cursor: -1,
  cursorSpacing: 0,
  selectionStart: -1,
  selectionEnd: -1,
  adjustPosition: true,
  fixed: false,
  showConfirmBar: true,
  disableDefaultPadding: false,
  alwaysEmbed: false,
  name: '',
} as const;

const KEYBOARDS: Readonly<Record<string, string>> = { number: 'numeric', digit: 'decimal' };

export const TEXT_INPUTS = [defineTextInput('input'), defineTextInput('textarea')];

function defineTextInput(name: 'input' | 'textarea') {
  return defineElement({
    name,
    properties: PROPERTIES,
    setup(node) {
      const control = document.createElement(name);
      const placeholder = document.createElement('div');
      node.host.append(placeholder, control);

      const show = () => {
        placeholder.hidden = control.value !== '';
        if (name === 'textarea' && node.get('autoHeight')) {
          control.style.height = 'auto';
          control.style.height = `${control.scrollHeight}px`;
          node.host.style.height = control.style.height;
        }
      };
      const focus = () => window.setTimeout(() => control.focus());
      const typed = () => {
        const limit = node.get('maxlength');
        if (limit >= 0 && control.value.length > limit) control.value = control.value.slice(0, limit);
        const cursor = control.selectionStart ?? control.value.length;
        node.set('value', control.value);
        show();
        node.emit('input', { value: control.value, cursor, keyCode: 0 });
      };
      control.addEventListener('input', typed);
      control.addEventListener('focus', () => node.emit('focus', { value: control.value, height: 0 }));
      control.addEventListener('blur', () =>
        node.emit('blur', { value: control.value, cursor: control.value.length }),
      );
      control.addEventListener('keydown', (event) => {
        if (!(event instanceof KeyboardEvent) || event.key !== 'Enter' || event.isComposing) return;
        if (name === 'textarea') return;
        node.emit('confirm', { value: control.value });
        if (!node.get('confirmHold')) control.blur();
      });
      addField(node.host, {
        name: () => node.get('name'),
        value: () => control.value,
        reset() {
          control.value = '';
          node.set('value', '');
          show();
        },
        activate: () => control.focus(),
      });

      return {
        attached() {
          placeholder.className = `sim-placeholder ${node.classNames(node.get('placeholderClass'))}`;
          if (node.get('focus') || node.get('autoFocus')) focus();
          show();
        },
        update(property) {
          switch (property) {
            case 'value':
              if (control.value !== node.get('value')) control.value = node.get('value');
              break;
            case 'type':
            case 'password':
              control.inputMode = KEYBOARDS[node.get('type')] ?? 'text';
              if (control instanceof HTMLInputElement)
                control.type = node.get('password') ? 'password' : 'text';
              break;
            case 'disabled':
              control.disabled = node.get('disabled');
              break;
            case 'placeholder':
              placeholder.textContent = node.get('placeholder');
              control.setAttribute('aria-label', node.get('placeholder'));
              break;
            case 'placeholderStyle':
              placeholder.style.cssText = onScreen(node.get('placeholderStyle'));
              break;
            case 'focus':
              if (node.get('focus') && node.host.isConnected) focus();
              break;
          }
          show();
        },
      };
    },
  });
}
