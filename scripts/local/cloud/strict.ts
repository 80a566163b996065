import type { Use } from './actions/documents.ts';
import type { Database } from './database/database.ts';
import { isIndexed, isSortIndexed } from './database/index-advice.ts';
import { type Document, isDocument } from './database/value.ts';

/** Something that works here and will hurt on the real platform. */
export interface Warning {
  readonly rule:
    | 'lost-conditions'
    | 'lost-fields'
    | 'outside-transaction'
    | 'scan-without-index'
    | 'sort-without-index'
    | 'unknown-action';
  readonly message: string;
}

/**
 * Watches how the database is used and warns once per place: a place is an action on a collection by a function,
 * with filters on the same fields. Nothing is refused.
 */
export class StrictMode {
  readonly warnings: Warning[] = [];
  readonly #database: Database;
  readonly #warn: (message: string) => void;
  readonly #places = new Set<string>();

  constructor(database: Database, warn: (message: string) => void) {
    this.#database = database;
    this.#warn = warn;
  }

  watch(use: Use): void {
    for (const warning of this.#judge(use)) {
      const fields = Object.keys(use.filter.source).join();
      const { action, caller } = use.call;
      this.#warnOnce(warning, [action, use.collection.name, caller.function, fields].join(' '));
    }
  }

  /** Reports that somebody asked for an action that is not here. */
  miss(action: string, message: string): void {
    this.#warnOnce({ rule: 'unknown-action', message }, action);
  }

  #warnOnce(warning: Warning, place: string): void {
    const key = `${warning.rule} ${place}`;
    if (this.#places.has(key)) return;
    this.#places.add(key);
    this.warnings.push(warning);
    this.#warn(warning.message);
  }

  *#judge(use: Use): Generator<Warning> {
    const where = placeOf(use);
    if (hasLostConditions(use)) {
      yield {
        rule: 'lost-conditions',
        message: `${where}: the filter arrived without conditions and means every document. The SDK drops keys that are undefined or empty objects; check the values before the call.`,
      };
    }
    if (hasLostFields(use)) {
      yield {
        rule: 'lost-fields',
        message: `${where}: the update arrived without fields and is refused. The SDK drops keys that are undefined or empty objects; to store {} or to replace a sub-document use _.set().`,
      };
    }
    if (this.#isOutsideOwnTransaction(use)) {
      yield {
        rule: 'outside-transaction',
        message: `${where}: a write outside the transaction that the same invocation has open. where().update() and where().remove() are never part of one, so a rollback keeps this write, and on a document the transaction holds it waits for the transaction's end. Inside a transaction use doc().`,
      };
    }
    if (isScan(use)) {
      yield {
        rule: 'scan-without-index',
        message: `${where}: no index begins with a field of this filter (${Object.keys(use.filter.source).join(', ')}), so every document is read. Declare one in scripts/manifest.ts.`,
      };
    }
    if (use.sort && !isSortIndexed(use.collection.indexes, use.filter, use.sort)) {
      yield {
        rule: 'sort-without-index',
        message: `${where}: no index has the order by ${use.sort.map(([path]) => path).join(', ')}, so the matches are sorted in memory. Declare one in scripts/manifest.ts.`,
      };
    }
  }

  #isOutsideOwnTransaction({ call, writes, transaction }: Use): boolean {
    const { invocation } = call.caller;
    if (!writes || transaction || invocation === undefined) return false;
    return [...this.#database.open()].some((open) => open.invocation === invocation);
  }
}

/** `where({})` travels as `{}`; a whole collection is asked for without any filter. */
function hasLostConditions({ hasFilter, filter }: Use): boolean {
  return hasFilter && isEmpty(filter.source);
}

function hasLostFields({ update }: Use): boolean {
  return (
    update !== undefined && Object.values(update).every((fields) => isDocument(fields) && isEmpty(fields))
  );
}

function isEmpty(document: Document): boolean {
  return Object.keys(document).length === 0;
}

function isScan({ filter, collection }: Use): boolean {
  return !isEmpty(filter.source) && !isIndexed(collection.indexes, filter);
}

function placeOf({ call, collection }: Use): string {
  const { function: name } = call.caller;
  return `${name === undefined ? '' : `${name}: `}${call.action} ${collection.name}`;
}
