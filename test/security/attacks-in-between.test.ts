import { defend } from './attack.ts';
import { answers } from './doors/answers.ts';
import { bills } from './doors/bills.ts';
import { robots } from './doors/robots.ts';

defend(answers);
defend(bills);
defend(robots);
