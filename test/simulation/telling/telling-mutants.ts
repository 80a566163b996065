import type { Mutant } from '../mutant.ts';

/** Deliberate bugs of what tells the merchant's people. */
export const TELLING_MUTANTS: readonly Mutant[] = [
  {
    name: 'an alarm counts as told before it was said',
    file: '_shared/order/telling/tell.ts',
    find: "if (!(await isSaid({ logger, say }, text))) return 'unsaid';\n  await telling.markTold(told, clock.now());",
    replace:
      "await telling.markTold(told, clock.now());\n  if (!(await isSaid({ logger, say }, text))) return 'unsaid';",
    foundBy: 'the merchant is told',
  },
  {
    name: 'what the robot refused is not said again',
    file: '_shared/order/telling/tell.ts',
    find: 'return telling.write(afterFailure(progress, now));',
    replace: 'return telling.write({ ...afterFailure(progress, now), alarms_from: now });',
    foundBy: 'the merchant is told',
  },
  {
    name: 'a robot that was down for long is waited for a day',
    file: '_shared/order/telling/tell.ts',
    find: 'const REST_MAX_MS = 3_600_000;',
    replace: 'const REST_MAX_MS = 24 * 3_600_000;',
    foundBy: 'the merchant is told',
  },
  {
    name: 'what was said is not marked',
    file: '_shared/order/telling/tell.ts',
    find: 'await telling.markTold(told, clock.now());',
    replace: 'await telling.markTold([], clock.now());',
    foundBy: 'told once',
  },
  {
    name: 'people are told before WeChat is asked',
    file: 'queryOrders/build.ts',
    find: 'const report = await sweep(ports);',
    replace: 'await tellPeople(runtime, deadline);\n    const report = await sweep(ports);',
    foundBy: 'the robot is in nobody’s way',
  },
  {
    name: 'the robot is asked until it says yes',
    file: '_shared/order/telling/tell.ts',
    find: "if (!(await isSaid({ logger, say }, text))) return 'unsaid';",
    // With an end: where no time is left, the no comes at once, and the week would never go on.
    replace:
      "for (let times = 0; times < 100; times++) if (await isSaid({ logger, say }, text)) break; else if (times === 99) return 'unsaid';",
    foundBy: 'the robot is in nobody’s way',
  },
  {
    name: 'the address of the robot is logged',
    file: '_shared/cloud/telling.ts',
    find: 'message: error.message };',
    replace: 'message: error.message + address };',
    foundBy: 'no secrets',
  },
  {
    name: 'what was given back is said as paid',
    file: '_shared/order/telling/day-text.ts',
    find: '{ channel, payments, refunds, fees, differences }: DayOfChannel',
    replace: '{ channel, payments, payments: refunds, fees, differences }: DayOfChannel',
    foundBy: 'the day as it was',
  },
  {
    name: 'a day is told whenever its bill is looked at',
    file: '_shared/order/telling/announce-day.ts',
    find: 'if (day <= progress.day) return;',
    replace: 'if (day < progress.day) return;',
    foundBy: 'told once',
  },
];
