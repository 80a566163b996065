import type { Books } from './books.ts';
import type { Findings } from './findings.ts';
import type { FunctionInstance } from './platform.ts';
import { fieldIn, outTradeNoIn, type QuestionWatch } from './wires.ts';

interface Asked {
  /** What unifiedorder was asked with the first time, without what differs each time. */
  parameters: string | undefined;
  /** Questions of the timer, and of everybody else. */
  byTimer: number;
  byOthers: number;
  failed: number;
  othersFailed: number;
  /** Calls of functions that may ask about it out of turn. */
  invitations: number;
}

/** The schedule's steps before an order's end, its end, and a few after it until WeChat's close is through. */
const STEPS_MAX = 7 + 1 + 4;
/** What nobody can close is asked about hourly for a day more, and daily until the seventh. */
const LEFT_OPEN_STEPS_MAX = 24 + 7;
/** One call asks at most so often: a question, a close, and a question again when the close came too late. */
const QUESTIONS_A_CALL_MAX = 2;

/** Counts and compares what WeChat is asked. */
export class Questions implements QuestionWatch {
  readonly #asked = new Map<string, Asked>();
  readonly #refundParameters = new Map<string, string>();
  readonly #books: Books;
  readonly #findings: Findings;

  constructor(books: Books, findings: Findings) {
    this.#books = books;
    this.#findings = findings;
  }

  begins({ name, hasTold }: FunctionInstance, path: string): void {
    if (hasTold)
      this.#findings.report('the robot is in nobody’s way', `${name} asks ${path} after it called the robot`);
  }

  arrives({ name }: FunctionInstance, path: string, body: string): void {
    const out_trade_no = outTradeNoIn(body);
    if (path === '/secapi/pay/refund') this.#refundArrives(body);
    // A refund is asked about by its own number.
    if (out_trade_no === '') return;
    const asked = this.#of(out_trade_no);
    if (!this.#books.orders.has(out_trade_no))
      this.#findings.report(
        'saved before asked',
        `${path} about ${out_trade_no}, which is not in the database`,
      );
    if (path === '/pay/unifiedorder') {
      const parameters = body.replace(/<(nonce_str|sign)>.*?<\/\1>/gs, '');
      asked.parameters ??= parameters;
      if (asked.parameters !== parameters)
        this.#findings.report(
          'saved before asked',
          `unifiedorder of ${out_trade_no} was repeated with other parameters`,
        );
      if (Number(fieldIn(body, 'total_fee')) !== this.#books.orders.get(out_trade_no)?.total_fee)
        this.#findings.report(
          'catalogue price',
          `WeChat is asked for another price of ${out_trade_no} than is saved`,
        );
    }
    if (path === '/pay/orderquery') this.asked({ name }, out_trade_no);
  }

  /** A refund is saved before it is asked for, and asked for again with the same parameters. */
  #refundArrives(body: string): void {
    const out_refund_no = fieldIn(body, 'out_refund_no');
    const parameters = body.replace(/<(nonce_str|sign)>.*?<\/\1>/gs, '');
    const first = this.#refundParameters.get(out_refund_no) ?? parameters;
    this.#refundParameters.set(out_refund_no, first);
    if (first !== parameters)
      this.#findings.report(
        'saved before asked',
        `the refund ${out_refund_no} was repeated with other parameters`,
      );
    if (!this.#books.refunds.has(out_refund_no))
      this.#findings.report('saved before asked', `the refund ${out_refund_no} is not in the database`);
  }

  /** WeChat is asked what became of an order, whichever way it is paid. */
  asked({ name }: Pick<FunctionInstance, 'name'>, out_trade_no: string): void {
    if (name.startsWith('queryOrders')) this.#of(out_trade_no).byTimer++;
    else this.#of(out_trade_no).byOthers++;
  }

  failed(instance: FunctionInstance, path: string, body: string): void {
    if (path !== '/pay/unifiedorder') this.failedAbout(instance, outTradeNoIn(body));
  }

  failedAbout({ name }: Pick<FunctionInstance, 'name'>, out_trade_no: string): void {
    if (out_trade_no === '') return;
    if (name.startsWith('queryOrders')) this.#of(out_trade_no).failed++;
    else this.#of(out_trade_no).othersFailed++;
  }

  /** A call came that may ask about this order out of turn. */
  invited(out_trade_no: string): void {
    if (out_trade_no !== '') this.#of(out_trade_no).invitations++;
  }

  /** A run of the timer died or met trouble: the orders it had in hand are asked about again when their lease ends. */
  disturbed(out_trade_nos: Iterable<string>): void {
    for (const out_trade_no of out_trade_nos) this.#of(out_trade_no).failed++;
  }

  check(): void {
    for (const [out_trade_no, { byTimer, byOthers, failed, othersFailed, invitations }] of this.#asked) {
      const isLeftOpen = this.#books.orders.get(out_trade_no)?.channel === 'virtualpay';
      if (byTimer > STEPS_MAX + (isLeftOpen ? LEFT_OPEN_STEPS_MAX : 0) + failed)
        this.#findings.report(
          'questions bounded',
          `the timer asked ${byTimer} times about ${out_trade_no}, ${failed} times without an answer`,
        );
      if (byOthers > invitations * QUESTIONS_A_CALL_MAX + othersFailed)
        this.#findings.report(
          'questions bounded',
          `${byOthers} questions about ${out_trade_no} in ${invitations} calls`,
        );
    }
  }

  #of(out_trade_no: string): Asked {
    const asked = this.#asked.get(out_trade_no) ?? {
      parameters: undefined,
      byTimer: 0,
      byOthers: 0,
      failed: 0,
      othersFailed: 0,
      invitations: 0,
    };
    this.#asked.set(out_trade_no, asked);
    return asked;
  }
}
