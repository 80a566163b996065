import { abbreviated, byId, h, setText } from './dom.ts';
import { keep, readKept } from './kept.ts';
import { type Language, language, say, speak } from './words/language.ts';
import { INTRO, PAGE, PARTIES } from './words/page.ts';

const KEPT_LANGUAGE = 'console-language';
const SEARCH_AFTER_MS = 150;

/** As somebody chose it, else as the browser's owner reads. */
export function chooseLanguage(): void {
  const kept = readKept(KEPT_LANGUAGE);
  const isChinese = kept === undefined ? /^zh\b/i.test(navigator.language) : kept === 'zh';
  speak(isChinese ? 'zh' : 'en');
}

/** The bar's buttons. */
export function createBar(listener: {
  readonly onFind: (find: string) => void;
  readonly onWhole: (isWhole: boolean) => void;
  readonly onOnly: () => void;
  readonly onLanguage: () => void;
}): { showOnly(order: string | undefined): void } {
  const search = byId('search');
  const whole = byId('whole');
  let waiting: ReturnType<typeof setTimeout> | undefined;
  search.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => listener.onFind(textIn(search)), SEARCH_AFTER_MS);
  });
  whole.addEventListener('click', () => {
    const isWhole = whole.getAttribute('aria-pressed') !== 'true';
    whole.setAttribute('aria-pressed', String(isWhole));
    listener.onWhole(isWhole);
  });
  byId('only').addEventListener('click', listener.onOnly);
  byId('language').addEventListener('click', () => {
    const next: Language = language() === 'zh' ? 'en' : 'zh';
    keep(KEPT_LANGUAGE, next);
    speak(next);
    writeWords();
    listener.onLanguage();
  });
  byId('side').addEventListener('click', () => {
    showSide(document.body.dataset.side === 'phone' ? 'panel' : 'phone');
  });
  writeWords();
  return {
    showOnly(order) {
      byId('only').hidden = order === undefined;
      if (order !== undefined) setText(byId('only'), `${say(PAGE).only(abbreviated(order))} ✕`);
      const query = order === undefined ? '' : `?${new URLSearchParams({ order })}`;
      byId('export').setAttribute('href', `/api/recording${query}`);
    },
  };
}

/** What stands in index.html, in the language that is spoken now. */
function writeWords(): void {
  const words = say(PAGE);
  document.documentElement.lang = language() === 'zh' ? 'zh-CN' : 'en';
  document.title = words.title;
  setText(byId('title'), words.title);
  setText(byId('skip'), words.skip);
  setText(byId('whole'), words.allCalls);
  setText(byId('language'), words.otherLanguage);
  setText(byId('present'), words.now);
  setText(byId('nothing'), words.nothingFound);
  byId('language').lang = language() === 'zh' ? 'en' : 'zh-CN';
  byId('whole').title = words.allCallsHint;
  setText(byId('export'), words.save);
  byId('export').title = words.saveHint;
  byId('tour').title = words.tour;
  byId('tour').setAttribute('aria-label', words.tour);
  byId('search').setAttribute('aria-label', words.search);
  byId('search').setAttribute('placeholder', words.searchHint);
  byId('phone').setAttribute('aria-label', words.phone);
  byId('diagram').setAttribute('aria-label', words.diagram);
  byId('payload').setAttribute('aria-label', words.content);
  byId('panel').setAttribute('aria-label', words.side);
  showSide(document.body.dataset.side === 'phone' ? 'phone' : 'panel');
  const names = say(PARTIES);
  const { phone, functions, database, wechat } = say(INTRO);
  const entries = [
    [names['mini-program'], phone],
    [names.function, functions],
    [names.database, database],
    [names.both, wechat],
  ];
  byId('intro').replaceChildren(...entries.flatMap(([name, text]) => [h('dt', {}, name), h('dd', {}, text)]));
}

/** Where there is no room for both sides, one is shown. */
export function showSide(side: 'phone' | 'panel'): void {
  document.body.dataset.side = side;
  const { phone, panel } = say(PAGE);
  setText(byId('side'), side === 'phone' ? panel : phone);
}

function textIn(input: HTMLElement): string {
  return input instanceof HTMLInputElement ? input.value.trim() : '';
}
