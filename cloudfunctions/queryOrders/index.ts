import { realWorld } from '../_shared/cloud/world.ts';
import { build } from './build.ts';

export const main = build(realWorld());
