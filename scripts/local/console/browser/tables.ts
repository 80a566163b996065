import type { ConsoleState, LogLine, OrderHereAndThere } from '../wire.ts';
import { createDocumentsTab } from './documents-tab.ts';
import { byId, h, replaceContent } from './dom.ts';
import { logsView } from './logs.ts';
import { ordersTable } from './orders.ts';
import { rove } from './roving.ts';
import { language, say } from './words/language.ts';
import { DOCUMENTS, LOGS, ORDERS } from './words/tables.ts';
import { world } from './world.ts';

type Tab = 'orders' | 'documents' | 'logs';

export interface TablesState {
  readonly state: ConsoleState;
  readonly find: string;
  readonly opened: string | undefined;
  readonly why: (order: OrderHereAndThere) => readonly string[];
}

/** The right side's tabs: orders here and at WeChat, the documents as they are, what functions wrote. */
export function createTables(onOrder: (out_trade_no: string) => void): { show(next: TablesState): void } {
  const openedLogs = new Set<string>();
  const tabs = rove(byId('tabs'), { items: '[role=tab]' });
  const roving = rove(byId('tables'), { items: '.open', chosen: '[aria-expanded=true]' });
  let tab: Tab = 'orders';
  let logs: readonly LogLine[] = [];
  let current: TablesState | undefined;
  let shown = '';
  let seenCard: string | undefined;
  let isPressed = false;

  const paint = () => {
    if (!current || isPressed) return;
    const signature = JSON.stringify([language(), tab, current.state.collections, contentOf(current)]);
    if (signature === shown) return;
    shown = signature;
    replaceContent(byId('tabs'), ...TABS.map(tabButton));
    byId('tables').setAttribute('aria-labelledby', `tab-${tab}`);
    replaceContent(byId('tables'), ...view(current));
    tabs.settle();
    roving.settle();
    showCard(current.opened);
  };
  /** An order that was just opened is seen from its row on. */
  const showCard = (opened: string | undefined) => {
    if (opened !== undefined && opened !== seenCard)
      byId('tables').querySelector('[aria-expanded=true]')?.closest('tr')?.scrollIntoView({ block: 'start' });
    seenCard = opened;
  };
  // A row that is replaced between press and release is never clicked: what comes meanwhile is painted afterwards.
  const release = () => {
    if (!isPressed) return;
    isPressed = false;
    setTimeout(paint);
  };
  byId('tables').addEventListener('pointerdown', () => {
    isPressed = true;
  });
  for (const end of ['pointerup', 'pointercancel', 'blur']) window.addEventListener(end, release);
  const documents = createDocumentsTab(paint);
  const contentOf = ({ state, opened, why, find }: TablesState): unknown => {
    if (tab === 'documents') return documents.signature();
    if (tab === 'logs') return [logs, [...openedLogs]];
    const card = state.orders.find(({ out_trade_no }) => out_trade_no === opened);
    return [state.orders, state.orderCount, state.channels, opened, card && why(card), find];
  };
  const view = ({ state, find, opened, why }: TablesState): HTMLElement[] => {
    if (tab === 'documents') return documents.view(state);
    if (tab === 'logs') return logsView(logs, { opened: openedLogs, onOpen: openLog });
    const onDocument = (out_trade_no: string) => {
      tab = 'documents';
      documents.showDocument('orders', out_trade_no);
    };
    return ordersTable(state, { ...{ opened, why, onDocument }, isSearching: find !== '', onOpen: onOrder });
  };
  const openLog = (key: string) => {
    if (!openedLogs.delete(key)) openedLogs.add(key);
    paint();
  };
  const refresh = async () => {
    if (tab === 'documents') documents.read();
    if (tab === 'logs') logs = await world.readLogs(current?.find ?? '').catch(() => logs);
    paint();
  };
  const tabButton = ([name, title]: readonly [Tab, () => string]) =>
    h(
      'button',
      {
        role: 'tab',
        type: 'button',
        id: `tab-${name}`,
        'aria-selected': String(tab === name),
        'aria-controls': 'tables',
        'data-testid': `tab-${name}`,
        onclick: () => {
          tab = name;
          void refresh();
        },
      },
      title(),
    );

  return {
    show(next) {
      current = next;
      if (tab === 'orders') paint();
      else void refresh();
    },
  };
}

const TABS: readonly (readonly [Tab, () => string])[] = [
  ['orders', () => say(ORDERS).tab],
  ['documents', () => say(DOCUMENTS).tab],
  ['logs', () => say(LOGS).tab],
];
