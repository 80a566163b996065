import * as manifest from '../manifest.ts';
import { renderCloudbaserc } from './cloudbaserc.ts';
import { renderConsoleTable } from './console-table.ts';

/** A text that is written from the manifest: a whole file, or the part of one between two marks. */
export interface Generated {
  /** From the project's root. */
  readonly path: string;
  /** The part's name, as it is in its marks (`place.ts`); undefined where the file is generated as a whole. */
  readonly region?: string;
  readonly text: string;
}

/** Everything that `npm run generate` writes. A test compares each with what is committed. */
export const GENERATED: readonly Generated[] = [
  { path: 'cloudbaserc.json', text: renderCloudbaserc(manifest) },
  { path: 'docs/deploy.md', region: 'console-table', text: renderConsoleTable(manifest, 'en') },
  { path: 'docs/deploy.zh-CN.md', region: 'console-table', text: renderConsoleTable(manifest, 'zh') },
];
