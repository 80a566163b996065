import type { ErrorCode } from '../../cloudfunctions/_shared/contract.ts';
import type { Books } from './books.ts';
import { isUnsettled } from './documents.ts';
import type { Faults } from './faults.ts';
import type { Findings } from './findings.ts';
import type { Keys } from './keys.ts';
import type { PhoneAnswer, PhoneRequest } from './phone-messages.ts';
import { VIP } from './products.ts';
import type { Secrets } from './secrets.ts';
import type { VirtualSide } from './virtual-side.ts';
import { TOKEN_REFUSED_TWICE } from './weixin-wire.ts';

interface Surroundings {
  readonly now: () => number;
  readonly books: Books;
  readonly findings: Findings;
  readonly faults: Faults;
  readonly keys: Keys;
  readonly secrets: Secrets;
  readonly virtual: Pick<VirtualSide, 'isSpent' | 'isOf' | 'isEffective' | 'isAwaited'>;
  /** How far a function's clock may be off. */
  readonly skewMs: number;
}

/** A call of a phone that was answered. */
export interface AnsweredCall {
  readonly name: string;
  readonly request: PhoneRequest;
  /** Undefined for a call that came from nobody. */
  readonly openid: string | undefined;
  readonly begun: number;
  readonly answer: PhoneAnswer;
  readonly text: string;
  /** The faults that its function met. */
  readonly troubles: ReadonlySet<string>;
  /** Whether the shopper made no other call meanwhile. */
  readonly isAlone: boolean;
}

interface Circumstances extends AnsweredCall {
  /** It named an order that is not the caller's. */
  readonly isAnothers: boolean;
  readonly isMisconfigured: boolean;
  /** The login code is missing, another's or too old, or WeChat was asked about it before. */
  readonly isCodeBad: boolean;
  /** An item was published that is not effective yet. */
  readonly isItemAwaited: boolean;
  /** The merchant typed another price for something that has a published one. */
  readonly isRepriced: boolean;
  /** A transaction that a fault left open may still hold documents. */
  readonly mayBeLocked: boolean;
}

/** The platform ends a transaction that nobody ends after 30 seconds. */
const TRANSACTION_LIFE_MS = 31_000;

type Reason = (call: Circumstances) => boolean;

const always: Reason = () => true;
const never: Reason = () => false;
const met = (troubles: ReadonlySet<string>, kinds: RegExp) => [...troubles].some((kind) => kinds.test(kind));

/** What WeChat refuses the shop for, so that a human has to act. */
const REFUSALS = [TOKEN_REFUSED_TWICE, 'virtual payment not opened', 'address not on the allow-list'];

/** Every errcode of the contract, and when it is due. The compiler misses none. */
const REASONS: Readonly<Record<ErrorCode, Reason>> = {
  INVALID_PARAMETERS: never,
  OPENID_MISSING: ({ openid }) => openid === undefined,
  PRODUCT_NOT_ON_SALE: always,
  PRICE_CHANGED: always,
  REQUEST_ID_REUSED: always,
  TOO_MANY_UNPAID_ORDERS: always,
  TOO_MANY_ORDERS: always,
  ORDER_NOT_FOUND: ({ isAnothers }) => isAnothers,
  ORDER_CLOSED: always,
  ORDER_PAID: always,
  ORDER_HELD: always,
  WECHATPAY_UNAVAILABLE: ({ troubles, isAlone }) =>
    !isAlone || met(troubles, /^wechatpay|^weixin|^connections/),
  MERCHANT_MISCONFIGURED: ({ isMisconfigured, troubles }) =>
    isMisconfigured || REFUSALS.some((refusal) => troubles.has(refusal)),
  LOGIN_CODE_INVALID: ({ isCodeBad }) => isCodeBad,
  LOGIN_BLOCKED: ({ troubles }) => troubles.has('shopper blocked'),
  ITEM_NOT_PUBLISHED: ({ isRepriced }) => isRepriced,
  ITEM_NOT_EFFECTIVE: ({ isItemAwaited }) => isItemAwaited,
  INTERNAL_ERROR: ({ troubles, mayBeLocked }) =>
    mayBeLocked || met(troubles, /^database|^transaction|^commit|^connections/),
};

/** Looks at everything that a phone is answered. */
export class AnswerChecks {
  readonly #world: Surroundings;
  /** Since when an order must not be signed for any more. */
  readonly #overSince = new Map<string, number>();

  constructor(world: Surroundings) {
    this.#world = world;
    world.books.onCommit(({ orders }) => {
      for (const { id, after } of orders) {
        const { trade_state, cancelled_at } = after;
        const isOver = trade_state === 'CLOSED' || trade_state === 'SUCCESS' || cancelled_at !== 0;
        if (isOver && !this.#overSince.has(id)) this.#overSince.set(id, world.now());
      }
    });
  }

  check(call: AnsweredCall): void {
    const { books, findings, secrets } = this.#world;
    const { name, openid, answer, text } = call;
    const who = openid ?? 'nobody';
    const order = answer.order && books.orders.get(answer.order.out_trade_no);
    if (answer.order && order?.openid !== openid)
      findings.report('own orders only', `${name} answered ${who} an order of ${order?.openid ?? 'nobody'}`);
    if (secrets.areIn(text)) findings.report('no secrets', `${name} answered with a key in it`);
    if (answer.payment) this.#checkSignature(call);
    if (answer.errcode === undefined) {
      if (openid === undefined || this.#isAnothers(call))
        findings.report('own orders only', `${name} served ${who}, whose business it is not`);
    } else this.#checkErrcode(call, answer.errcode);
  }

  #checkSignature({ begun, answer, request, openid = '' }: AnsweredCall): void {
    const { books, findings, skewMs, virtual } = this.#world;
    const { signData }: { signData?: string } = answer.payment ?? {};
    if (signData !== undefined && !virtual.isOf(request.code ?? '', openid))
      findings.report('own orders only', `signed for ${openid} under another's login code`);
    if (signData !== undefined && !virtual.isEffective(JSON.parse(signData).productId, skewMs))
      findings.report('catalogue price', 'signed for an item that is not effective yet');
    const order = books.orders.get(answer.order?.out_trade_no ?? '');
    if (!order) return;
    const { out_trade_no, time_expire, supersedes } = order;
    const replaced = books.orders.get(supersedes);
    if (replaced && isUnsettled(replaced) && !replaced.held && replaced.cancelled_at === 0)
      findings.report(
        'one order in place of another',
        `${out_trade_no} was signed for, and ${supersedes}, whose place it took, is still open`,
      );
    const expired = time_expire + skewMs;
    if (Math.min(expired, this.#overSince.get(out_trade_no) ?? expired) < begun)
      findings.report('no signature once it is over', `${out_trade_no} was signed for, and was over before`);
  }

  #checkErrcode(call: AnsweredCall, errcode: string): void {
    const { findings, keys, faults, books, virtual } = this.#world;
    const { name, begun, request, openid = '' } = call;
    const { code, product_id } = request;
    const reason = isErrorCode(errcode) ? REASONS[errcode] : undefined;
    if (!reason) {
      findings.report('documented errcodes', `${name} answered ${errcode}, which the contract does not have`);
      return;
    }
    const mayBeLocked = begun - faults.lastHit < TRANSACTION_LIFE_MS;
    const circumstances = {
      isAnothers: this.#isAnothers(call),
      isMisconfigured: keys.wasMisconfigured,
      isCodeBad:
        product_id === VIP && (code === undefined || virtual.isSpent(code) || !virtual.isOf(code, openid)),
      isItemAwaited: product_id === VIP && virtual.isAwaited(begun - this.#world.skewMs),
      isRepriced: product_id !== undefined && books.repriced.has(product_id),
      mayBeLocked,
    };
    if (!reason({ ...call, ...circumstances }))
      findings.report('documented errcodes', `${name} answered ${errcode} without a reason`);
  }

  #isAnothers({ request, openid }: AnsweredCall): boolean {
    const { out_trade_no } = request;
    return out_trade_no !== undefined && this.#world.books.orders.get(out_trade_no)?.openid !== openid;
  }
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(REASONS, code);
}
