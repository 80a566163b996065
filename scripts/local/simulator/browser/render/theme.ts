export type Theme = 'light' | 'dark';

export interface ThemeSource {
  current(): Theme;
  /** Chooses a theme; without a choice the browser's own rules. */
  choose(theme: Theme): void;
  subscribe(listener: (theme: Theme) => void): void;
  /** Makes `prefers-color-scheme` in a style sheet follow the phone, not the browser. */
  applyTo(css: string): string;
}

const ALWAYS = '(min-width: 0px)';
const NEVER = '(max-width: 0px)';

/** The phone's theme. A mini-program that does not say `darkmode` is always shown light. */
export function createTheme({
  darkmode,
  chosen,
}: {
  darkmode: boolean;
  chosen: Theme | undefined;
}): ThemeSource {
  const listeners = new Set<(theme: Theme) => void>();
  const browser = window.matchMedia('(prefers-color-scheme: dark)');
  let choice = chosen;
  const current = (): Theme => (darkmode ? (choice ?? (browser.matches ? 'dark' : 'light')) : 'light');
  const announce = () => {
    for (const listener of listeners) listener(current());
  };
  browser.addEventListener('change', () => choice === undefined && announce());
  return {
    current,
    choose(theme) {
      choice = theme;
      announce();
    },
    subscribe: (listener) => void listeners.add(listener),
    applyTo: (css) =>
      css.replace(/\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)/g, (_, wanted: string) =>
        wanted === current() ? ALWAYS : NEVER,
      ),
  };
}
