import type { CollectionDocuments, ConsoleState } from '../wire.ts';
import { readDocuments } from './api.ts';
import { documentsTable } from './documents.ts';
import { byId, h } from './dom.ts';
import { ordersTable } from './orders.ts';

/** The right side's tabs: orders here and at WeChat Pay, and the documents as they are. */
export function createTables(): { show(state: ConsoleState): void } {
  const opened = new Set<string>();
  let tab: 'orders' | 'documents' = 'orders';
  let collection: string | undefined;
  let documents: CollectionDocuments | undefined;
  let state: ConsoleState | undefined;
  let shown = '';

  const paint = () => {
    if (!state) return;
    const signature = JSON.stringify([
      tab,
      collection,
      tab === 'orders' ? state.orders : documents,
      state.collections,
    ]);
    if (signature === shown) return;
    shown = signature;
    byId('tabs').replaceChildren(
      tabButton('订单：这里与微信支付', tab === 'orders', () => open('orders')),
      tabButton('文档', tab === 'documents', () => open('documents')),
    );
    byId('tables').replaceChildren(...(tab === 'orders' ? [ordersTable(state)] : documentsView(state)));
  };
  const documentsView = ({ collections }: ConsoleState): HTMLElement[] => [
    h(
      'div',
      { class: 'collections' },
      ...collections.map(({ name, count }) => {
        const pressed = String(name === collection);
        const onclick = () => void pick(name);
        return h(
          'button',
          { 'aria-pressed': pressed, 'data-testid': `collection-${name}`, onclick },
          name,
          h('small', {}, count),
        );
      }),
    ),
    ...(documents ? [documentsTable(documents, opened)] : []),
  ];
  const open = (next: typeof tab) => {
    tab = next;
    paint();
    if (tab === 'documents') void pick(collection ?? state?.collections[0]?.name);
  };
  const pick = async (name: string | undefined) => {
    if (name === undefined) return;
    collection = name;
    const found = await readDocuments(name).catch(() => undefined);
    if (!found || collection !== name) return;
    documents = found;
    paint();
  };

  return {
    show(next) {
      state = next;
      if (tab === 'documents') void pick(collection);
      paint();
    },
  };
}

function tabButton(title: string, isSelected: boolean, onclick: () => void): HTMLElement {
  return h('button', { role: 'tab', 'aria-selected': String(isSelected), onclick }, title);
}
