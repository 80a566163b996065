/**
 * How long a call may take. The platform stops a function at its time limit, whatever it is doing; so each call has one
 * deadline, a little before that, and everything in it gets a part of what is left.
 */

/** The time limit of the functions that people call, as the manifest gives it. */
export const SHOPPERS_CALL_MS = 20_000;
/** The time limit of queryOrders, as the manifest gives it. */
export const TIMER_RUN_MS = 60_000;
/** The time limit of refundNotify, as the manifest gives it. It replies in time all the same, and goes on. */
export const REFUND_NOTICE_MS = 20_000;
/** The time limit of virtualPayNotify and doctor, as the manifest gives it. */
export const PUSH_CALL_MS = 10_000;
/** How long a call of the database may take; after that it has failed. */
export const DATABASE_CALL_MS = 5000;

/** The platform began to count before we did, and the answer has a way to go. */
const ANSWER_MS = 1000;
/** What WeChat Pay answered is of use only if there is time to save it. */
const SAVE_MS = DATABASE_CALL_MS;

/** When a call that began at `began` must have answered. */
export function deadlineOf(began: Date, limit_ms: number): Date {
  return new Date(began.getTime() + limit_ms - ANSWER_MS);
}

/** By when WeChat Pay must have answered within a call, so that what it said can be saved before the deadline. */
export function answerByOf(deadline: Date): Date {
  return new Date(deadline.getTime() - SAVE_MS);
}

/**
 * Until when a run of the timer may begin with another order: the slowest database takes its time twice, before the
 * question and after it, and the question is left as much.
 */
export function beginByOf(deadline: Date): Date {
  return new Date(answerByOf(deadline).getTime() - 2 * DATABASE_CALL_MS);
}
