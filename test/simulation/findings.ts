/** What must hold, whatever goes wrong. Each name is what a finding and a deliberate bug are known by. */
export const INVARIANTS = {
  'settled once':
    'Every payment at WeChat ends in exactly one settlement, with a transition that WeChat knows.',
  'granted correctly':
    'A settlement grants the months that were paid for, once, from the later of now and the end.',
  'no grant without payment': 'A membership changes only with the settlement of a payment that WeChat has.',
  'closed is closed': 'Nothing that is CLOSED here can still be paid at WeChat.',
  'catalogue price': 'An order costs what the catalogue said when it was made, here and at WeChat.',
  'saved before asked':
    'WeChat is asked about nothing that is not saved, and asked again with the same parameters.',
  'committed before SUCCESS': 'A notice is answered SUCCESS only when its order is settled in the database.',
  'no yes to a contradiction':
    'An event that contradicts its order is never answered with yes, and nothing delivered is given back to Apple.',
  'no signature once it is over':
    'Nothing can be paid that was cancelled, closed or paid before the call began.',
  'one order in place of another': 'Nothing is signed for in place of an order that can still be signed for.',
  'own orders only': 'A shopper is answered their own orders only.',
  'documented errcodes':
    'The phone is answered only errcodes of the contract, and each only where it is due.',
  'questions bounded': 'WeChat is asked about an order no more often than the schedule says.',
  'alarms by the table': 'Alarms are exactly those that their causes call for.',
  'refunded at most what was paid':
    'No more goes back than was paid, here or at WeChat, and no refund is another than it was.',
  'membership is the replay of its grants':
    'A membership with grants ends where they say, each cut by what its refunds took.',
  'every refund ends': 'A refund ends given back or closed, and closed only where WeChat gave nothing back.',
  'refunded as seen':
    'A refund is made of an order as its operator saw it, one at a time, and reserved for as long as it is open.',
  'only operators refund': 'Nobody gives money back but operators and administrators.',
  'the books agree after the bill':
    'After the bills of the days, what was paid and given back is the same here and at WeChat, to the fen.',
  'every order ends': 'Once nothing goes wrong any more, every order ends within its time.',
  'delivered in the end': 'WeChat has the mark of every delivery in the end, or is to be told again.',
  'shipped in the end':
    'Every paid order of a shop whose money WeChat keeps is shipped in the end, never twice, and never one that is not paid.',
  'payments are found in time':
    'A payment whose event never comes is found by asking: at the end of its order, hourly for a day, then daily.',
  'the merchant is told':
    'An alarm is said in the chat of the merchant’s people within 66 minutes of quiet, and a day once its bill was read.',
  'told once': 'What was said, and whose answer arrived, is not said again.',
  'the robot is in nobody’s way':
    'A robot is called by the timer alone, once all questions are asked, and no trouble with it fails a run or holds it up.',
  'the day as it was': 'What is said of a day is what its bills have, to the fen.',
  'reminded once':
    'Of one end of a membership a shopper is sent one message at most, and none again that was refused.',
  'reminded with consent': 'Nobody is sent a message who did not ask to be reminded of that membership.',
  'reminded in time': 'A message names the end as it is, at most three days ahead and never after it.',
  'reminders arrive':
    'Whoever asked to be reminded is, where no run was disturbed, the product is on sale and nothing was given back.',
  'no secrets': 'No key and no whole openid is in a log, an answer or the chat.',
  'no crash': 'No task of the simulation fails, and nothing throws where nothing may.',
} as const;

export type Invariant = keyof typeof INVARIANTS;

export interface Finding {
  readonly invariant: Invariant;
  readonly message: string;
  readonly at: Date;
}

/** What a run found. The first one counts; what follows it may only follow from it. */
export class Findings {
  readonly #now: () => Date;
  readonly #onFinding: (finding: Finding) => void;
  readonly #found: Finding[] = [];

  constructor(now: () => Date, onFinding: (finding: Finding) => void) {
    this.#now = now;
    this.#onFinding = onFinding;
  }

  report(invariant: Invariant, message: string): void {
    const finding = { invariant, message, at: this.#now() };
    this.#found.push(finding);
    this.#onFinding(finding);
  }

  get all(): readonly Finding[] {
    return this.#found;
  }
}
