import type { CollectionDocuments } from '../wire.ts';
import { copyButton } from './copy.ts';
import { abbreviated, h } from './dom.ts';
import { prettyJson } from './pretty-json.ts';
import { sureButton } from './sure-button.ts';
import { say } from './words/language.ts';
import { DOCUMENTS } from './words/tables.ts';
import { isRecorded } from './world.ts';

type Document = CollectionDocuments['documents'][number];

/** What distinguishes documents of a collection at a glance; of others, their first fields. */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  products: ['_id', 'name', 'on_sale'],
  users: ['user_id', 'memberships'],
  orders: ['_id', 'trade_state', 'total_fee', 'query_count'],
  alarms: ['code', 'subject'],
};
const FIRST_FIELDS = 3;
const BRIEF_CHARACTERS_MAX = 120;

export interface DocumentsView {
  /** The `_id`s, as text of JSON, of those that are opened. */
  readonly opened: ReadonlySet<string>;
  readonly onOpen: (_id: string) => void;
  readonly onEdit: (_id: string) => void;
  readonly onRemove: (_id: string) => void;
}

/** A collection as a table; a document opens to all its fields. */
export function documentsTable(
  { name, count, documents }: CollectionDocuments,
  view: DocumentsView,
): HTMLElement[] {
  const words = say(DOCUMENTS);
  if (documents.length === 0) return [h('p', { class: 'empty' }, words.none(name))];
  const columns = COLUMNS[name] ?? Object.keys(documents[0] ?? {}).slice(0, FIRST_FIELDS);
  const rest = count - documents.length;
  return [
    h(
      'table',
      { class: 'documents', 'data-testid': `documents-${name}` },
      h('thead', {}, h('tr', {}, ...columns.map((column) => h('th', { scope: 'col' }, column)))),
      h('tbody', {}, ...documents.flatMap((document) => rows(document, columns, view))),
    ),
    ...(rest > 0 ? [h('p', { class: 'empty' }, words.more(rest))] : []),
  ];
}

function rows(document: Document, columns: readonly string[], view: DocumentsView): HTMLElement[] {
  const _id = JSON.stringify(document._id);
  const isOpened = view.opened.has(_id);
  const [first = '_id', ...others] = columns;
  const open = h(
    'button',
    {
      class: 'open',
      type: 'button',
      'aria-expanded': String(isOpened),
      title: brief(document[first], false),
      'data-focus': `open ${_id}`,
    },
    brief(document[first], true) || brief(document._id, true),
  );
  const row = h(
    'tr',
    { class: 'one', onclick: () => view.onOpen(_id) },
    h('td', {}, open),
    ...others.map((column) => h('td', {}, brief(document[column], true))),
  );
  if (!isOpened) return [row];
  return [row, h('tr', { class: 'card' }, h('td', { colspan: columns.length }, whole(document, _id, view)))];
}

function whole(document: Document, _id: string, { onEdit, onRemove }: DocumentsView): HTMLElement {
  const words = say(DOCUMENTS);
  const text = JSON.stringify(document, null, 2);
  return h(
    'div',
    { class: 'document-card' },
    h(
      'div',
      { class: 'deeds' },
      ...(isRecorded
        ? []
        : [
            h('button', { type: 'button', 'data-testid': 'edit', onclick: () => onEdit(_id) }, words.edit),
            sureButton({ words: words.remove, sure: words.reallyRemove, testId: 'remove' }, () =>
              onRemove(_id),
            ),
          ]),
      copyButton(text, _id),
    ),
    prettyJson(document),
  );
}

function brief(value: unknown, isShort: boolean): string {
  if (typeof value === 'string') return isShort ? abbreviated(value) : value;
  if (typeof value !== 'object' || value === null) return String(value ?? '');
  return Object.entries(value)
    .map(([name, field]) => `${name} ${until(field)}`)
    .join(', ')
    .slice(0, BRIEF_CHARACTERS_MAX);
}

/** A membership says until when it lasts. */
function until(field: unknown): string {
  const text = JSON.stringify(field);
  return text.match(/\d{4}-\d\d-\d\d/)?.[0].replaceAll('-', '.') ?? text;
}
