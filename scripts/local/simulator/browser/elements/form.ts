import { defineElement } from './define.ts';
import { fieldOf, fieldsIn } from './fields.ts';

interface FormActions {
  submit(): void;
  reset(): void;
}

const FORMS = new WeakMap<Element, FormActions>();

/** What a button of form-type submit does: its form collects the values by name. */
export function submitForm(button: HTMLElement): void {
  formAround(button)?.submit();
}

export function resetForm(button: HTMLElement): void {
  formAround(button)?.reset();
}

function formAround(button: HTMLElement): FormActions | undefined {
  const form = button.closest('wx-form');
  return form ? FORMS.get(form) : undefined;
}

export const FORM = defineElement({
  name: 'form',
  properties: { reportSubmit: false, reportSubmitTimeout: 0 },
  setup(node) {
    const fields = () => fieldsIn(node.host).map(({ field }) => field);
    FORMS.set(node.host, {
      submit() {
        const named = fields().filter((field) => field.name() !== '');
        const value = Object.fromEntries(named.map((field) => [field.name(), field.value()]));
        node.emit('submit', { value, formId: '' });
      },
      reset() {
        for (const field of fields()) field.reset();
        node.emit('reset', {});
      },
    });
    return {};
  },
});

export const LABEL = defineElement({
  name: 'label',
  properties: { for: '' },
  setup: (node) => ({
    tap(source) {
      const named = node.get('for');
      const target = named
        ? document.getElementById(named)
        : (fieldsIn(node.host).find(({ field }) => field.activate)?.host ?? null);
      // A tap on the control itself reaches it without its label.
      if (target && !(source instanceof Node && target.contains(source))) fieldOf(target)?.activate?.();
    },
  }),
});
