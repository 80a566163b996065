import type { Mutant } from '../mutant.ts';

/** Deliberate bugs of what reminds shoppers. */
export const REMINDER_MUTANTS: readonly Mutant[] = [
  {
    name: 'a reminder is sent before it is claimed',
    file: '_shared/order/reminders/send-reminders.ts',
    find: '() => reminders.change(reminder, claim)',
    replace: 'async () => true',
    foundBy: 'reminded once',
  },
  {
    name: 'two runs claim the same reminder',
    file: '_shared/cloud/database/stores/reminders.ts',
    find: '{ _id: from._id, due_at: command.eq(from.due_at) }',
    replace: '{ _id: from._id }',
    foundBy: 'reminded once',
  },
  {
    name: 'a reminder whose answer got lost is sent again',
    file: '_shared/cloud/messenger.ts',
    find: "  BROKEN_CONNECTION: 'unknown',",
    replace: "  BROKEN_CONNECTION: 'unsent',",
    foundBy: 'reminded once',
  },
  {
    name: 'a message that a gateway may have passed on is sent again',
    file: '_shared/cloud/messenger.ts',
    find: "code === 'TRY_AGAIN' && errcode === undefined ? 'unknown' : KINDS[code]",
    replace: 'KINDS[code]',
    foundBy: 'reminded once',
  },
  {
    name: 'a shopper who takes no message is asked again',
    file: '_shared/cloud/messenger.ts',
    find: "  SHOPPER_REFUSED: 'refused',",
    replace: "  SHOPPER_REFUSED: 'unsent',",
    foundBy: 'reminded once',
  },
  {
    name: 'whoever looks at an order is reminded',
    file: 'checkOrder/build.ts',
    find: 'const agreed = remind && (await findOwn(ports, which));',
    replace: 'const agreed = remind !== null && (await findOwn(ports, which));',
    foundBy: 'reminded with consent',
  },
  {
    name: 'a reminder goes out as soon as it is looked at',
    file: '_shared/order/reminders/reminder.ts',
    find: "return due_at > now ? { kind: 'later', due_at } : { kind: 'send', end };",
    replace: "return { kind: 'send', end };",
    foundBy: 'reminded in time',
  },
  {
    name: 'who is no member any more is reminded',
    file: '_shared/order/reminders/reminder.ts',
    find: 'if (end === undefined || end <= now) {',
    replace: 'if (end === undefined) {',
    foundBy: 'reminded in time',
  },
  {
    name: 'the end is told in another time zone',
    file: '_shared/order/reminders/fields.ts',
    find: 'end.getTime() + 8 * 3_600_000',
    replace: 'end.getTime()',
    foundBy: 'reminded in time',
  },
  {
    name: 'a reminder that is looked at too early is forgotten',
    file: '_shared/order/reminders/send-reminders.ts',
    find: '(await reminders.change(reminder, { due_at: decision.due_at }))',
    replace: '(await reminders.change(reminder, { due_at: null }))',
    foundBy: 'reminders arrive',
  },
  {
    name: 'a membership is reminded of on its last minutes',
    file: '_shared/order/reminders/reminder.ts',
    find: 'export const REMIND_BEFORE_MS = 3 * 86_400_000;',
    replace: 'export const REMIND_BEFORE_MS = 60_000;',
    foundBy: 'reminders arrive',
  },
];
