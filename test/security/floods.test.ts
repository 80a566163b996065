import { defend } from './attack.ts';
import { floods } from './doors/floods.ts';

// The longest door of all: as a file of its own it runs beside the others.
defend(floods);
