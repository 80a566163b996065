import type { Collection } from './collection.ts';
import type { Database } from './database.ts';
import { parseDocument, parseExtendedJson, stringifyExtendedJson } from './extended-json.ts';
import { changeDocuments, insertDocuments } from './operations.ts';
import { compileFilter } from './query.ts';
import { type Document, keyOf, type Value } from './value.ts';

/**
 * Somebody's hands in the database: no call of the wire and past every rule, but in the same order as those, so that a
 * transaction that has the document is waited for. Texts are Extended JSON. Every method throws a CloudError with the
 * platform's text for what it refuses.
 */
export class Hands {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The documents that fit a filter, as they were committed last. */
  find(name: string, filter: string): readonly Document[] {
    const { matches } = compileFilter(parseDocument(filter, this.#database.now()));
    return [...this.#database.collection(name).latest()].flatMap(([, document]) =>
      matches(document) ? [document] : [],
    );
  }

  /** The document whose `_id` this is; undefined when there is none. */
  read(name: string, _id: string): string | undefined {
    const document = this.#database.collection(name).read(keyOf(this.#value(_id)));
    return document && stringifyExtendedJson(document);
  }

  /** Puts a document in the place of the one with its `_id`, or beside the others; without an `_id` it is given one. */
  async put(name: string, text: string): Promise<void> {
    const collection = this.#database.collection(name);
    const document = parseDocument(text, this.#database.now());
    if (!this.#isThere(collection, document)) {
      await insertDocuments(this.#database, collection, [document]);
      return;
    }
    const filter = compileFilter({ _id: document._id ?? null });
    await changeDocuments(this.#database, collection, { filter, multi: false, change: () => document });
  }

  /** Answers whether there was one. */
  async remove(name: string, _id: string): Promise<boolean> {
    const filter = compileFilter({ _id: this.#value(_id) });
    return (await this.#removed(name, filter, false)) > 0;
  }

  /** Leaves the collection empty. */
  async clear(name: string): Promise<void> {
    await this.#removed(name, compileFilter({}), true);
  }

  async #removed(name: string, filter: ReturnType<typeof compileFilter>, multi: boolean): Promise<number> {
    const collection = this.#database.collection(name);
    const change = () => undefined;
    const { matched } = await changeDocuments(this.#database, collection, { filter, multi, change });
    return matched;
  }

  #isThere(collection: Collection, { _id }: Document): boolean {
    return _id !== undefined && collection.read(keyOf(_id)) !== undefined;
  }

  #value(text: string): Value {
    return parseExtendedJson(text, this.#database.now());
  }
}
