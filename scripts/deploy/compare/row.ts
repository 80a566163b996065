import type { ChannelName } from '../../../cloudfunctions/_shared/contract.ts';
import type { IndexManifest } from '../../manifest.ts';
import type { Route, StoredDocument, Timer } from '../cloud/state.ts';
import type { WantedItem } from '../items/wanted-items.ts';
import type { WantedFunction } from './wanted.ts';

/** One change that is made in the cloud. None of them takes anything away. */
export type Step =
  | { readonly kind: 'create collection'; readonly collection: string }
  | { readonly kind: 'create index'; readonly collection: string; readonly index: IndexManifest }
  | { readonly kind: 'set rule'; readonly collection: string; readonly rule: string }
  | { readonly kind: 'create function'; readonly function: WantedFunction }
  | { readonly kind: 'update code'; readonly function: WantedFunction }
  | { readonly kind: 'update settings'; readonly function: WantedFunction }
  | { readonly kind: 'create route'; readonly route: Route }
  | { readonly kind: 'change route'; readonly route: Route }
  | { readonly kind: 'set invoke rules'; readonly rules: string }
  | {
      readonly kind: 'insert documents';
      readonly collection: string;
      readonly documents: readonly StoredDocument[];
    }
  | {
      readonly kind: 'set channel';
      readonly collection: string;
      readonly _id: string;
      readonly channel: ChannelName;
    }
  | { readonly kind: 'publish item'; readonly collection: string; readonly wanted: WantedItem }
  | { readonly kind: 'create timer'; readonly function: string; readonly timer: Timer }
  /** What we cannot do without destroying something, or at all. */
  | { readonly kind: 'by hand'; readonly say: string };

/** One thing that should be so, and how it is. What is shown never contains a variable's value. */
export interface Row {
  /** The collection, function or setting it belongs to; what `--only` chooses by. */
  readonly subject: string;
  readonly aspect: string;
  readonly wanted: string;
  readonly found: string;
  /** How to make it so; undefined where it is so already. Rows that one change settles share it. */
  readonly step: Step | undefined;
  /** What its owner should know although nothing has to be done. */
  readonly note?: string;
}

/** How both sides show what is not there. */
export const ABSENT = 'missing';
/** The wanted side of what is there and is not in the manifest. */
export const NOT_WANTED = 'not wanted';

/** A row whose step counts only if the two sides differ. */
export function row(
  subject: string,
  aspect: string,
  [wanted, found]: readonly [wanted: string, found: string],
  step: Step,
): Row {
  return { subject, aspect, wanted, found, step: wanted === found ? undefined : step };
}

export function byHand(say: string): Step {
  return { kind: 'by hand', say };
}

/** The steps that the rows ask for, each once, in their order. */
export const stepsOf = (rows: readonly Row[]): readonly Step[] => [
  ...new Set(rows.flatMap(({ step }) => step ?? [])),
];

/** Those of them that the deployment makes itself. */
export const changesOf = (rows: readonly Row[]): readonly Step[] =>
  stepsOf(rows).filter(({ kind }) => kind !== 'by hand');
