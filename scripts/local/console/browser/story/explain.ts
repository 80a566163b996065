import { en } from '../words/explanations-en.ts';
import { zh } from '../words/explanations-zh.ts';
import { bilingual, say } from '../words/language.ts';

export const EXPLANATIONS = bilingual(zh, en);

/** Why a row is there; nothing where its topic has no sentence. */
export function explain(topic: string | undefined): string {
  return say(EXPLANATIONS)[topic ?? ''] ?? '';
}
