import type { ComponentSpace } from 'glass-easel';
import { BASIC_ELEMENTS } from './basic.ts';
import { BUTTON } from './button.ts';
import { CANVAS } from './canvas.ts';
import { CHOICE_ELEMENTS } from './choices.ts';
import { FORM, LABEL } from './form.ts';
import { IMAGE } from './image.ts';
import { MISSING_ELEMENTS } from './missing.ts';
import { NAVIGATOR } from './navigator.ts';
import { PICKER } from './picker.ts';
import { RICH_TEXT } from './rich-text.ts';
import { SCROLL_VIEW } from './scroll-view.ts';
import type { ElementServices } from './services.ts';
import { SLIDER } from './slider.ts';
import { SWIPER_ELEMENTS } from './swiper.ts';
import { SWITCH } from './switch.ts';
import { TEXT_INPUTS } from './text-input.ts';

/** Gives every page WeChat's own elements. */
export function registerElements(space: ComponentSpace, services: ElementServices): void {
  const elements = [
    ...[...BASIC_ELEMENTS, RICH_TEXT, IMAGE, BUTTON, FORM, LABEL, ...TEXT_INPUTS, ...CHOICE_ELEMENTS, SWITCH],
    ...[SLIDER, PICKER, SCROLL_VIEW, ...SWIPER_ELEMENTS, NAVIGATOR, CANVAS, ...MISSING_ELEMENTS],
  ];
  for (const register of elements) register(space, services);
}
