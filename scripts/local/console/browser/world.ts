import { liveWorld } from './api.ts';
import { recordedWorld, recording } from './recorded.ts';
import type { Source } from './source.ts';

/** The world that this page shows. */
export const world: Source = recording ? recordedWorld(recording) : liveWorld;
/** A world that was saved can be looked at, and nothing in it can be pressed. */
export const isRecorded = recording !== undefined;
