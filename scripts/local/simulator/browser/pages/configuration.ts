import type { AppConfig, ComponentConfig } from '../../wire.ts';
import type { Theme } from '../render/theme.ts';

/** A page's window settings: app.json's, with the page's own over them. */
export interface PageConfiguration {
  readonly title: string;
  readonly background: string;
  readonly barBackground: string;
  readonly barTextStyle: 'black' | 'white';
  readonly customBar: boolean;
  readonly pullDown: boolean;
  readonly reachBottomDistance: number;
  readonly disableScroll: boolean;
}

export function configurePage(app: AppConfig, { json }: ComponentConfig, theme: Theme): PageConfiguration {
  const read = (name: string, otherwise: string): string => {
    const value = json[name] ?? app.window[name];
    return typeof value === 'string' ? resolveTheme(app, theme, value) : otherwise;
  };
  const distance = json.onReachBottomDistance ?? app.window.onReachBottomDistance;
  return {
    title: read('navigationBarTitleText', ''),
    background: read('backgroundColor', '#ffffff'),
    barBackground: read('navigationBarBackgroundColor', '#000000'),
    barTextStyle: read('navigationBarTextStyle', 'white') === 'black' ? 'black' : 'white',
    customBar: read('navigationStyle', 'default') === 'custom',
    pullDown: Boolean(json.enablePullDownRefresh ?? app.window.enablePullDownRefresh),
    reachBottomDistance: typeof distance === 'number' ? distance : 50,
    disableScroll: json.disableScroll === true,
  };
}

/** `@name` in the configuration is a value of theme.json. */
export function resolveTheme(app: AppConfig, theme: Theme, value: string): string {
  return value.startsWith('@') ? (app.theme[theme][value.slice(1)] ?? value) : value;
}
