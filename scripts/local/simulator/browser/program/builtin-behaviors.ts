import type { CodeSpace, component } from 'glass-easel-miniprogram-adapter';
import { addField } from '../elements/fields.ts';
import { domOf } from '../render/glass.ts';

type Caller = component.GeneralComponent;

/** The behaviors that a component names by a string, as `wx://form-field`. Another name is an error. */
export function builtinBehaviors(codeSpace: CodeSpace): (name: string, usedBy: string) => unknown {
  const make = (definition: object) =>
    codeSpace
      .behavior()
      .definition(definition as never)
      .register();
  const nothing = make({});
  const behaviors: Readonly<Record<string, unknown>> = {
    'wx://form-field': make({
      properties: { name: { type: String }, value: { type: null } },
      lifetimes: {
        attached(this: Caller) {
          const host = domOf(this._$);
          if (!host) return;
          addField(host, {
            name: () => String(this.data.name ?? ''),
            value: () => this.data.value,
            reset: () => this.setData({ value: '' }),
          });
        },
      },
    }),
    'wx://form-field-group': nothing,
    'wx://form-field-button': nothing,
    'wx://component-export': nothing,
    // A scroll-view in the component that scrolls with the one around it: here it scrolls by itself.
    'wx://proxy-scroll-view': nothing,
  };
  return (name, usedBy) => {
    if (!(name in behaviors)) throw new Error(`${usedBy}: the behavior ${name} is not in the simulator`);
    return behaviors[name];
  };
}
