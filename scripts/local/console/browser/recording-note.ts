import { ALL_SWITCHES, type ConsoleState } from '../wire.ts';
import { byId, h, replaceContent } from './dom.ts';
import { clockTime, day } from './time.ts';
import { FAULTS } from './words/controls.ts';
import { language, say } from './words/language.ts';
import { PAGE } from './words/page.ts';
import { ROWS } from './words/story.ts';

let shown: string | undefined;

/** What a recording is, in the place of what can be pressed. */
export function showRecording({ now, switches }: ConsoleState): void {
  if (shown === language()) return;
  shown = language();
  const words = say(PAGE);
  const at = new Date(now);
  const faults = ALL_SWITCHES.filter((name) => switches[name]?.isArmed).map((name) => say(FAULTS)[name].name);
  replaceContent(
    byId('controls'),
    h('h2', {}, words.recorded),
    h('p', {}, words.recordedText(`${day(at)} ${clockTime(at)}`)),
    faults.length > 0 && h('p', {}, words.recordedFaults(faults.join(say(ROWS).fields))),
  );
}
