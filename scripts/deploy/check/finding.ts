import type { DeployError } from '../errors.ts';
import { onOneLine } from '../print.ts';

/** Something about the configuration that its owner should know before anything is sent. */
export interface Finding {
  /** A problem stops the deployment, a warning does not. A reminder is about what only a human can judge. */
  readonly level: 'problem' | 'warning' | 'reminder' | 'ok';
  /** The variable or file it is about. */
  readonly name: string;
  /** What is wrong and the way out. Never a value that may be secret. */
  readonly message: string;
}

export const problem = (name: string, message: string): Finding => ({ level: 'problem', name, message });
export const warning = (name: string, message: string): Finding => ({ level: 'warning', name, message });
export const reminder = (name: string, message: string): Finding => ({ level: 'reminder', name, message });

/** An error as a finding, with its way out. */
export const problemOf = (name: string, { message, wayOut }: DeployError): Finding =>
  problem(name, `${message}. ${wayOut}`);

/** Something that was proven, not only not found wrong. */
export const ok = (name: string, message: string): Finding => ({ level: 'ok', name, message });

/** The finding, unless all is well. */
export const unless = (isWell: boolean, finding: Finding): readonly Finding[] => (isWell ? [] : [finding]);

export const hasProblems = (findings: readonly Finding[]): boolean =>
  findings.some(({ level }) => level === 'problem');

/** One line each, the gravest first. */
export function renderFindings(findings: readonly Finding[]): string {
  return LEVELS.flatMap((level) => findings.filter((finding) => finding.level === level))
    .map(({ level, name, message }) => onOneLine(`${level.padEnd(8)}  ${name}: ${message}`))
    .join('\n');
}

const LEVELS = ['problem', 'warning', 'reminder', 'ok'] as const;
