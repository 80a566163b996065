import type { CollectionDocuments } from '../wire.ts';
import { h } from './dom.ts';
import { abbreviated } from './orders.ts';

type Document = CollectionDocuments['documents'][number];

/** What distinguishes documents of a collection at a glance; of others, their first fields. */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  products: ['_id', 'name', 'on_sale'],
  users: ['user_id', 'memberships'],
  orders: ['_id', 'trade_state', 'total_fee', 'query_count'],
  alarms: ['code', 'subject'],
};
const FIRST_FIELDS = 3;

/** A collection as a table; a document opens to all its fields. */
export function documentsTable(
  { name, count, documents }: CollectionDocuments,
  opened: Set<string>,
): HTMLElement {
  if (documents.length === 0) return h('p', { class: 'empty' }, `${name} 里还没有文档。`);
  const columns = COLUMNS[name] ?? Object.keys(documents[0] ?? {}).slice(0, FIRST_FIELDS);
  const head = h('tr', {}, ...columns.map((column) => h('th', { scope: 'col' }, column)));
  const body = documents.flatMap((document) => rows(document, { columns, opened }));
  const rest = count - documents.length;
  return h(
    'div',
    {},
    h(
      'table',
      { class: 'documents', 'data-testid': `documents-${name}` },
      h('thead', {}, head),
      h('tbody', {}, ...body),
    ),
    rest > 0 && h('p', { class: 'empty' }, `还有 ${rest} 条更早的。`),
  );
}

function rows(
  document: Document,
  { columns, opened }: { columns: readonly string[]; opened: Set<string> },
): HTMLElement[] {
  const id = String(document._id);
  const cells = columns.map((column) => h('td', {}, brief(document[column])));
  const all = h(
    'tr',
    { class: 'all', hidden: !opened.has(id) },
    h('td', { colspan: columns.length }, fieldsOf(document)),
  );
  const toggle = () => {
    if (!opened.delete(id)) opened.add(id);
    all.hidden = !opened.has(id);
    first.setAttribute('aria-expanded', String(opened.has(id)));
  };
  const onkeydown = (event: Event) => {
    if (event instanceof KeyboardEvent && event.key === 'Enter') toggle();
  };
  const expanded = String(opened.has(id));
  const first = h(
    'tr',
    { class: 'one', tabindex: 0, 'aria-expanded': expanded, onclick: toggle, onkeydown },
    ...cells,
  );
  return [first, all];
}

function fieldsOf(document: Document): HTMLElement {
  const fields = Object.entries(document).flatMap(([name, value]) => [
    h('dt', {}, name),
    h('dd', {}, whole(value)),
  ]);
  return h('dl', {}, ...fields);
}

function brief(value: unknown): string {
  if (typeof value === 'string') return abbreviated(value);
  if (typeof value !== 'object' || value === null) return String(value ?? '');
  return Object.entries(value)
    .map(([name, field]) => `${name} ${until(field)}`)
    .join('，');
}

/** A membership says until when it lasts. */
function until(field: unknown): string {
  const text = JSON.stringify(field);
  return text.match(/\d{4}-\d\d-\d\d/)?.[0].replaceAll('-', '.') ?? text;
}

function whole(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
