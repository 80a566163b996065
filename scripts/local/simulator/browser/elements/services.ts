/** What elements ask of the phone around them. */
export interface ElementServices {
  /** The address of a picture: `src` is absolute, or begins at the folder of the component `owner`. */
  assetUrl(src: string, owner: string): string;
  /** What `<navigator>` does: `openType` is its own word, as `navigate` or `switchTab`. */
  navigate(openType: string, options: { readonly url: string; readonly delta: number }): void;
  /** Lets the shopper choose; undefined when they did not. */
  pick(columns: PickerColumns): Promise<PickerChoice | undefined>;
  share(): void;
  /** A picture that the shopper chooses for a head, as a temporary file; undefined when they did not. */
  chooseAvatar(): Promise<string | undefined>;
}

export type PickerChoice = readonly number[] | string;

/** Either columns of labels with what is chosen in each, or a date or time between two ends. */
export type PickerColumns =
  | {
      readonly kind: 'columns';
      readonly title: string;
      readonly labels: readonly (readonly string[])[];
      readonly chosen: readonly number[];
      /** The labels may change with the choice in another column, so they are asked for again. */
      onColumnChange(column: number, index: number): void;
    }
  | {
      readonly kind: 'date' | 'month' | 'year' | 'time';
      readonly title: string;
      readonly value: string;
      readonly start: string;
      readonly end: string;
    };
