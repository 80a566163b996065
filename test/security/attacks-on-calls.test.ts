import { defend } from './attack.ts';
import { calls } from './doors/calls.ts';
import { database } from './doors/database.ts';
import { desk } from './doors/desk.ts';
import { refunds } from './doors/refunds.ts';
import { reminders } from './doors/reminders.ts';

defend(calls);
defend(database);
defend(desk);
defend(refunds);
defend(reminders);
