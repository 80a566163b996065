import { h } from './dom.ts';

/** What is shown in place of a mini-program that does not compile, or does not start. */
export function showProblems(root: HTMLElement, title: string, problems: readonly string[]): void {
  root.replaceChildren(
    h(
      'section',
      { class: 'sim-problems', role: 'alert' },
      h('h1', {}, title),
      h('ul', {}, ...problems.map((problem) => h('li', {}, problem))),
      h('p', {}, '改好后刷新页面即可，不用重新启动。'),
    ),
  );
}
