import type { CollectionDocuments, ConsoleState, Outcome } from '../wire.ts';
import { documentsPath, press, readDocumentText } from './api.ts';
import { documentsTable } from './documents.ts';
import { h } from './dom.ts';
import { showOutcome } from './outcome.ts';
import { sureButton } from './sure-button.ts';
import { say } from './words/language.ts';
import { DOCUMENTS } from './words/tables.ts';
import { isRecorded, world } from './world.ts';

/** The documents of a collection: looked at, asked for, edited, added, removed, put back. */
export function createDocumentsTab(onChange: () => void) {
  const opened = new Set<string>();
  let collection: string | undefined;
  let where = '';
  let documents: CollectionDocuments | undefined;
  /** The text in the editor, while somebody edits. */
  let draft: string | undefined;

  const read = async (name = collection) => {
    if (name === undefined) return;
    collection = name;
    const found = await world.readDocuments(name, where).catch(() => undefined);
    if (!found || collection !== name) return;
    if ('ok' in found) return showOutcome(found);
    documents = found;
    onChange();
  };
  const act = async (path: string, body: object): Promise<Outcome> => {
    const outcome = await press(`${documentsPath(collection ?? '')}${path}`, body);
    showOutcome(outcome);
    await read();
    return outcome;
  };
  const edit = (text: string | undefined) => {
    draft = text;
    onChange();
  };
  const save = async () => {
    const outcome = await act('', { document: draft ?? '' });
    if (outcome.ok) edit(undefined);
  };
  const open = (_id: string) => {
    if (!opened.delete(_id)) opened.add(_id);
    onChange();
  };
  const choose = (name: string, filter: string) => {
    where = filter;
    draft = undefined;
    documents = undefined;
    void read(name);
  };

  const editor = (text: string): HTMLElement[] => {
    const words = say(DOCUMENTS);
    const area = h('textarea', {
      'aria-label': words.editor,
      rows: 16,
      spellcheck: 'false',
      'data-testid': 'editor',
    });
    area.value = text;
    area.addEventListener('input', () => {
      draft = area.value;
    });
    return [
      area,
      h(
        'div',
        { class: 'deeds' },
        h(
          'button',
          { type: 'button', class: 'main', 'data-testid': 'save', onclick: () => void save() },
          words.save,
        ),
        h('button', { type: 'button', onclick: () => edit(undefined) }, words.cancel),
      ),
    ];
  };
  const toolbar = (name: string): HTMLElement => {
    const words = say(DOCUMENTS);
    const filter = h('input', {
      ...{ type: 'text', value: where, placeholder: words.filterHint, 'aria-label': words.filter },
      ...{ spellcheck: 'false', 'data-testid': 'filter' },
    });
    const form = h(
      'form',
      { class: 'query' },
      filter,
      h('button', { type: 'submit' }, words.query),
      h('button', { type: 'button', 'data-testid': 'add', onclick: () => edit('{\n  \n}') }, words.add),
      sureButton(
        { words: words.reset, sure: words.reallyReset, title: words.resetHint, testId: 'reset' },
        () => void act('/reset', {}),
      ),
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      choose(name, filter.value.trim());
    });
    return form;
  };

  return {
    read: () => void read(),
    /** Shows one document of a collection. */
    showDocument(name: string, _id: string) {
      opened.add(JSON.stringify(_id));
      choose(name, JSON.stringify({ _id }));
    },
    signature: () => [collection, where, documents, draft !== undefined, [...opened]],
    view({ collections }: ConsoleState): HTMLElement[] {
      if (collection === undefined && collections[0]) void read(collections[0].name);
      const chips = collections.map(({ name, count }) =>
        h(
          'button',
          {
            type: 'button',
            'aria-pressed': String(name === collection),
            'data-testid': `collection-${name}`,
            onclick: () => choose(name, ''),
          },
          name,
          h('small', {}, count),
        ),
      );
      const chosen = collection;
      const shown = documents?.name === collection ? documents : undefined;
      const removed = (_id: string) => void act('/remove', { _id });
      const edited = async (_id: string) => edit((await readDocumentText(chosen ?? '', _id)).text);
      return [
        h('div', { class: 'collections', role: 'group', 'aria-label': say(DOCUMENTS).collections }, ...chips),
        ...(chosen === undefined || isRecorded
          ? []
          : draft === undefined
            ? [toolbar(chosen)]
            : editor(draft)),
        ...(shown && draft === undefined
          ? documentsTable(shown, {
              ...{ opened, onOpen: open, onRemove: removed },
              onEdit: (_id) => void edited(_id),
            })
          : []),
      ];
    },
  };
}
