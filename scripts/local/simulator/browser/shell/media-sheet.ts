import { h } from './dom.ts';
import type { Phone } from './phone.ts';
import { SAMPLES, samplePicture } from './sample-pictures.ts';
import { openSheet } from './sheet.ts';

/** What the shopper chose: a picture of ours, or a file of this machine. */
export interface ChosenFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Lets the shopper choose from nine sample pictures or from this machine's files.
 *
 * @param accept as of an HTML file input
 * @returns undefined when they did not
 */
export function chooseFiles(
  phone: Phone,
  { count, accept, hasSamples }: { count: number; accept: string; hasSamples: boolean },
): Promise<readonly ChosenFile[] | undefined> {
  return new Promise((resolve) => {
    const chosen = new Set<number>();
    const end = (files: readonly ChosenFile[] | undefined) => {
      close();
      resolve(files);
    };
    const done = h(
      'button',
      { 'data-testid': 'media-done', disabled: true, onclick: () => void samples([...chosen]).then(end) },
      '完成',
    );
    const choose = (number: number, button: HTMLElement) => {
      if (count === 1) return void samples([number]).then(end);
      if (!chosen.delete(number) && chosen.size < count) chosen.add(number);
      button.setAttribute('aria-pressed', String(chosen.has(number)));
      done.disabled = chosen.size === 0;
      return undefined;
    };
    const input = h('input', {
      type: 'file',
      hidden: true,
      accept,
      multiple: count > 1,
      onchange: () => void read(input.files, count).then(end),
    });
    const sheet = h(
      'div',
      {
        class: 'sim-sheet sim-cashier sim-media',
        role: 'dialog',
        'aria-modal': 'true',
        'aria-label': '选择文件',
      },
      h('header', {}, h('h2', {}, `最多选择 ${count} 个`), h('span', { class: 'sim-tag' }, '本地模拟')),
      hasSamples ? grid(choose) : undefined,
      h(
        'div',
        { class: 'sim-choices' },
        h('button', { 'data-testid': 'media-cancel', onclick: () => end(undefined) }, '取消'),
        h('button', { 'data-testid': 'media-file', onclick: () => input.click() }, '从电脑选择'),
        hasSamples && count > 1 ? done : undefined,
      ),
      input,
    );
    const close = openSheet(phone, sheet, (key) => {
      if (key === 'Escape') end(undefined);
      return key === 'Escape';
    });
  });
}

function grid(choose: (number: number, button: HTMLElement) => void): HTMLElement {
  const buttons = Array.from({ length: SAMPLES }, (_, number) => {
    const button = h('button', {
      class: 'sim-sample',
      'data-testid': `media-sample-${number + 1}`,
      'aria-label': `示例图片 ${number + 1}`,
      'aria-pressed': 'false',
      style: `--hue: ${number * 40}`,
      onclick: () => choose(number, button),
    });
    return button;
  });
  return h('div', { class: 'sim-samples' }, ...buttons);
}

function samples(numbers: readonly number[]): Promise<ChosenFile[]> {
  return Promise.all(
    numbers.map(async (number) => ({ name: `sample-${number + 1}.png`, bytes: await samplePicture(number) })),
  );
}

async function read(files: FileList | null, count: number): Promise<ChosenFile[] | undefined> {
  const list = [...(files ?? [])].slice(0, count);
  if (list.length === 0) return undefined;
  return Promise.all(
    list.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })),
  );
}
