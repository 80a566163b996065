import { defend } from './attack.ts';
import { answers } from './doors/answers.ts';
import { bills } from './doors/bills.ts';

defend(answers);
defend(bills);
