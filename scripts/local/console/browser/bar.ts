import { byId, h, setText } from './dom.ts';
import { type Language, language, say, speak } from './words/language.ts';
import { INTRO, PAGE, PARTIES } from './words/page.ts';

const KEPT_LANGUAGE = 'console-language';
const SEARCH_AFTER_MS = 150;

/** As somebody chose it, else as the browser's owner reads. */
export function chooseLanguage(): void {
  const kept = localStorage.getItem(KEPT_LANGUAGE);
  const isChinese = kept === null ? /^zh\b/i.test(navigator.language) : kept === 'zh';
  speak(isChinese ? 'zh' : 'en');
}

/** The bar's buttons. */
export function createBar(listener: {
  readonly onFind: (find: string) => void;
  readonly onWhole: (isWhole: boolean) => void;
  readonly onOnly: () => void;
  readonly onLanguage: () => void;
}): { showOnly(words: string | undefined): void } {
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
    localStorage.setItem(KEPT_LANGUAGE, next);
    speak(next);
    writeWords();
    listener.onLanguage();
  });
  byId('side').addEventListener('click', () => {
    document.body.dataset.side = document.body.dataset.side === 'phone' ? 'panel' : 'phone';
    showSide();
  });
  writeWords();
  return {
    showOnly(words) {
      byId('only').hidden = words === undefined;
      if (words !== undefined) setText(byId('only'), `${words} ✕`);
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
  byId('search').setAttribute('aria-label', words.search);
  byId('search').setAttribute('placeholder', words.searchHint);
  byId('phone').setAttribute('aria-label', words.phone);
  byId('diagram').setAttribute('aria-label', words.diagram);
  byId('payload').setAttribute('aria-label', words.content);
  byId('panel').setAttribute('aria-label', words.side);
  showSide();
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
function showSide(): void {
  const { phone, panel } = say(PAGE);
  setText(byId('side'), document.body.dataset.side === 'phone' ? panel : phone);
}

function textIn(input: HTMLElement): string {
  return input instanceof HTMLInputElement ? input.value.trim() : '';
}
