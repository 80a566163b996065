/** A part of a form: what `bindsubmit` collects, what `bindreset` clears, what a tap on its label sets off. */
export interface Field {
  name(): string;
  value(): unknown;
  reset(): void;
  /** What a tap on the element's label does. */
  activate?(): void;
  /** A choice inside a group is set off by its label and collected by its group. */
  readonly choice?: boolean;
}

const FIELDS = new WeakMap<Element, Field>();
const MARK = 'data-sim-field';

export function addField(host: HTMLElement, field: Field): void {
  FIELDS.set(host, field);
  host.setAttribute(MARK, '');
}

export function fieldOf(host: Element | null): Field | undefined {
  return host ? FIELDS.get(host) : undefined;
}

/** The fields inside an element, in the order of the page. */
export function fieldsIn(host: HTMLElement): { readonly host: HTMLElement; readonly field: Field }[] {
  return [...host.querySelectorAll<HTMLElement>(`[${MARK}]`)].flatMap((element) => {
    const field = FIELDS.get(element);
    return field ? [{ host: element, field }] : [];
  });
}
