import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Checker, MINIPROGRAM_ROOT, requireTool } from './checker.ts';
import { miniprogramFiles } from './files.ts';

interface Warning {
  readonly message: string;
  readonly startLine: number;
  readonly startColumn: number;
}

interface TemplateGroup {
  addTmpl(name: string, wxml: string): readonly Warning[];
  free(): void;
}

/**
 * The compiler of the newer framework. It repairs what is broken and only warns (an end tag that is missing, a wx:else
 * without its wx:if), so a warning counts as a problem.
 */
export const templates: Checker = {
  name: 'glass-easel',
  async check(project) {
    const { TmplGroup }: { TmplGroup: new () => TemplateGroup } = requireTool(
      'glass-easel-template-compiler',
    );
    const group = new TmplGroup();
    try {
      return miniprogramFiles(project, '.wxml').flatMap((file) => {
        const wxml = readFileSync(path.join(project, MINIPROGRAM_ROOT, file), 'utf8');
        const warnings = group.addTmpl(file.replace(/\.wxml$/, ''), wxml);
        return warnings.map(
          ({ message, startLine, startColumn }) => `${file}:${startLine + 1}:${startColumn + 1} ${message}`,
        );
      });
    } finally {
      group.free();
    }
  },
};
