export const LANGUAGES = ['zh', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A sentence, or how one is made of what it is about. */
export type Entry = string | ((...about: never[]) => string);
/** The same words in every language. */
export type Bilingual<Table> = Readonly<Record<Language, Table>>;

let spoken: Language = 'zh';

/** The language that the page speaks; whoever draws something asks for its words at that moment. */
export function language(): Language {
  return spoken;
}

export function speak(next: Language): void {
  spoken = next;
}

/** The words of a table, in the language of the page. */
export function say<Table>(words: Bilingual<Table>): Table {
  return words[spoken];
}

/** Words in both languages: the English ones have the same names as the Chinese, which the compiler sees to. */
export function bilingual<Table extends object>(zh: Table, en: NoInfer<Table>): Bilingual<Table> {
  return { zh, en };
}
