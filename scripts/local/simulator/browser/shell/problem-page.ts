import { h } from './dom.ts';
import { type Language, WORDS } from './words.ts';

/** What is shown in place of a mini-program that does not compile or start, and of a page that does not. */
export function showProblems(
  root: HTMLElement,
  title: 'notCompiled' | 'notStarted' | 'pageNotStarted',
  { problems, language }: { readonly problems: readonly string[]; readonly language: Language },
): void {
  const words = WORDS[language];
  root.replaceChildren(
    h(
      'section',
      { class: 'sim-problems', role: 'alert' },
      h('h1', {}, words[title]),
      h('ul', {}, ...problems.map((problem) => h('li', {}, problem))),
      h('p', {}, words.howToGoOn),
    ),
  );
}
