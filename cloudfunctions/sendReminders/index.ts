import { platformRuntime } from '../_shared/cloud/runtime.ts';
import { build } from './build.ts';

export const main = build(platformRuntime());
