import type { AssociatedBackend, CodeSpace } from 'glass-easel-miniprogram-adapter';
import type { Program } from '../../wire.ts';
import type { Registry } from '../program/registry.ts';
import type { Theme } from '../render/theme.ts';

/** What `getCurrentPages()` gives and what Page() defined: its fields and methods are the mini-program's own. */
export interface PageCaller {
  readonly data: Record<string, unknown>;
  setData(data: Record<string, unknown>): void;
  createSelectorQuery(): unknown;
  [member: string]: unknown;
}

export interface PageParts {
  readonly program: Program;
  readonly registry: Registry;
  readonly codeSpace: CodeSpace;
  readonly backend: AssociatedBackend;
  readonly container: HTMLElement;
  readonly theme: () => Theme;
}
