import type { ComponentSpace } from 'glass-easel';
import { BASIC_ELEMENTS } from './basic.ts';
import { BUTTON } from './button.ts';
import { CANVAS } from './canvas.ts';
import { CHOICE_ELEMENTS } from './choices.ts';
import { FORM, LABEL } from './form.ts';
import { IMAGES } from './image.ts';
import { LAYOUT_ELEMENTS } from './layout.ts';
import { MISSING_ELEMENTS } from './missing.ts';
import { MOVABLES } from './movable.ts';
import { NAVIGATOR } from './navigator.ts';
import { PICKER } from './picker.ts';
import { PICKER_VIEWS } from './picker-view.ts';
import { RICH_TEXT } from './rich-text.ts';
import { SCROLL_VIEW } from './scroll-view.ts';
import type { ElementServices } from './services.ts';
import { SLIDER } from './slider.ts';
import { SWIPER_ELEMENTS } from './swiper.ts';
import { SWITCH } from './switch.ts';
import { TEXT_INPUTS } from './text-input.ts';
import { VIDEO } from './video.ts';

/** Gives every page WeChat's own elements. */
export function registerElements(space: ComponentSpace, services: ElementServices): void {
  const elements = [
    ...[...BASIC_ELEMENTS, ...LAYOUT_ELEMENTS, RICH_TEXT, ...IMAGES, BUTTON, FORM, LABEL, ...TEXT_INPUTS],
    ...[
      ...CHOICE_ELEMENTS,
      SWITCH,
      SLIDER,
      PICKER,
      SCROLL_VIEW,
      ...SWIPER_ELEMENTS,
      NAVIGATOR,
      CANVAS,
      VIDEO,
      ...PICKER_VIEWS,
      ...MOVABLES,
      ...MISSING_ELEMENTS,
    ],
  ];
  for (const register of elements) register(space, services);
}
