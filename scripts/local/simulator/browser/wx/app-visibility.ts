import { listeners } from './listeners.ts';

export interface AppVisibility {
  readonly apis: Readonly<Record<string, unknown>>;
  /** Something of WeChat's lay over the mini-program and was left: it is shown again. */
  cameBack(): void;
}

/** wx.onAppShow and wx.onAppHide: the page of the browser, and what WeChat lays over the mini-program. */
export function appVisibility(): AppVisibility {
  const show = listeners<object>('onAppShow');
  const hide = listeners<object>('onAppHide');
  document.addEventListener('visibilitychange', () => (document.hidden ? hide.emit({}) : show.emit({})));
  return {
    apis: {
      onAppShow: show.add,
      offAppShow: show.remove,
      onAppHide: hide.add,
      offAppHide: hide.remove,
    },
    cameBack() {
      hide.emit({});
      show.emit({});
    },
  };
}
