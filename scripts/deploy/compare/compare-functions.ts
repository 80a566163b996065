import { tooMuchIn } from '../check/check-variables.ts';
import { CREATE_FAILED, type FunctionState, type Timer } from '../cloud/state.ts';
import type { Variables } from '../variables.ts';
import { ABSENT, byHand, NOT_WANTED, type Row, row, type Step } from './row.ts';
import { canRunOurs } from './runtime.ts';
import type { WantedFunction } from './wanted.ts';

/** @param hasRouteToCome whether this deployment makes a route, from which a missing notify URL can be read back */
export function functionRows(
  fn: WantedFunction,
  there: FunctionState | undefined,
  hasRouteToCome: boolean,
): Row[] {
  const change = (step: Step): Step => (fn.awaitsNotifyUrl && !hasRouteToCome ? leftForLater(fn.name) : step);
  const create = change({ kind: 'create function', function: fn });
  const code = there ? change({ kind: 'update code', function: fn }) : create;
  const settings = there ? change({ kind: 'update settings', function: fn }) : create;
  const show = (render: (state: FunctionState | WantedFunction) => string): readonly [string, string] => [
    render(fn),
    there ? render(there) : ABSENT,
  ];
  const existence = row(
    fn.name,
    'function',
    [ACTIVE, there?.status ?? ABSENT],
    there ? failed(there) : create,
  );
  if (there?.status === CREATE_FAILED) return [existence];
  return [
    existence,
    row(fn.name, 'code', show(showCode), code),
    there ? runtimeRow(fn, there) : row(fn.name, 'runtime', [showRuntime(fn), ABSENT], create),
    row(fn.name, 'limits', show(showLimits), settings),
    row(fn.name, 'variables', showVariables(fn, there?.variables), variablesStep(fn, there, settings)),
  ];
}

export function timerRows(fn: WantedFunction, there: FunctionState | undefined): Row[] {
  if (there?.status === CREATE_FAILED) return [];
  const wanted = fn.timers.map((timer) => {
    const standing = there?.timers.find(({ name }) => name === timer.name);
    return row(fn.name, `timer ${timer.name}`, [showTimer(timer), standing ? showTimer(standing) : ABSENT], {
      kind: 'create timer',
      function: fn.name,
      timer,
    });
  });
  const others = there?.timers.filter(({ name }) => !fn.timers.some((timer) => timer.name === name)) ?? [];
  const unwanted = others.map((timer) =>
    row(fn.name, `timer ${timer.name}`, [NOT_WANTED, showTimer(timer)], deleteTimer(fn.name, timer)),
  );
  return [...wanted, ...unwanted];
}

const ACTIVE = 'Active';

const leftForLater = (name: string): Step =>
  byHand(
    `${name} is left for later: it gives WeChat Pay the notify URL, and no route leads to payNotify yet. ` +
      'Fix the route and run this again, or write WECHAT_PAY_NOTIFY_URL into .env',
  );

const failed = ({ name, status }: FunctionState): Step =>
  byHand(`${name} is ${status}. If it stays so, delete it (console, Cloud Functions) and run this again`);

/** A function keeps the runtime it was created on for ever, so an older one that can run our code is as good as wanted. */
function runtimeRow(fn: WantedFunction, there: FunctionState): Row {
  const found = showRuntime(there);
  if (there.runtime === fn.runtime || !canRunOurs(there.runtime) || there.handler !== fn.handler)
    return row(fn.name, 'runtime', [showRuntime(fn), found], otherRuntime(fn.name));
  return { ...row(fn.name, 'runtime', [found, found], otherRuntime(fn.name)), note: olderRuntime(fn, there) };
}

const olderRuntime = ({ name, runtime }: WantedFunction, there: FunctionState): string =>
  `${name} stays on ${there.runtime}, which cannot be changed. It works; a new function gets ${runtime}`;

const otherRuntime = (name: string): Step =>
  byHand(`The runtime of ${name} cannot be changed. Delete it (console, Cloud Functions) and run this again`);

const isEmpty = (variables: Variables): boolean => Object.keys(variables).length === 0;

function variablesStep(fn: WantedFunction, there: FunctionState | undefined, settings: Step): Step {
  if (there && isEmpty(fn.variables)) return deleteVariables(fn.name);
  const tooMuch = tooMuchIn(fn.variables);
  return tooMuch ? shortenVariables(fn.name, tooMuch) : settings;
}

/** Ours alone were looked at before. Here are those that its owner gave it as well, and the address of the route. */
const shortenVariables = (name: string, tooMuch: string): Step =>
  byHand(
    `The variables of ${name} ${tooMuch}, with those of your own. Take some of your own away (console, Cloud Functions 云函数, ` +
      `${name}, Environment variables 环境变量) and run this again`,
  );

/** To the library an empty set means that nothing is said of them. */
const deleteVariables = (name: string): Step =>
  byHand(
    `${name} needs no variables, and the last ones cannot be taken away from here. Delete them (console, Cloud Functions)`,
  );

/** It runs the function besides our own timer, and every run is paid for. It may be another's, so it is not ours to delete. */
const deleteTimer = (name: string, { name: timer }: Timer): Step =>
  byHand(
    `Timer ${timer} of ${name} is not in scripts/manifest.ts. Delete it (console, Cloud Functions 云函数, ${name}, ` +
      'Triggers 触发管理), or add it to the manifest if it is wanted',
  );

/** As much of the hash as distinguishes two builds. */
const CODE_CHARACTERS = 12;

const showCode = ({ code }: { readonly code: string }): string =>
  /^[0-9a-f]{64}$/.test(code) ? code.slice(0, CODE_CHARACTERS) : code;

const showRuntime = ({ runtime, handler }: { readonly runtime: string; readonly handler: string }): string =>
  `${runtime} ${handler}`;

const showLimits = ({
  timeout,
  memorySize,
  installDependency,
}: Pick<FunctionState, 'timeout' | 'memorySize' | 'installDependency'>): string =>
  `${timeout} s, ${memorySize} MB${installDependency ? ', npm install in the cloud' : ''}`;

const showTimer = ({ config, enabled }: Timer): string => `${config}${enabled ? '' : ', off'}`;

/** Names only: a value may be a key. */
function showVariables(
  { variables: wanted, awaitsNotifyUrl }: WantedFunction,
  found: Variables | undefined,
): readonly [string, string] {
  const shown = `${Object.keys(wanted).length} set${awaitsNotifyUrl ? ', the notify URL to come' : ''}`;
  if (!found) return [shown, ABSENT];
  const differences = [...new Set([...Object.keys(wanted), ...Object.keys(found)])]
    .toSorted()
    .filter((name) => wanted[name] !== found[name])
    .map((name) => `${name} ${difference(wanted[name], found[name])}`);
  return [shown, differences.join(', ') || shown];
}

function difference(wanted: string | undefined, found: string | undefined): string {
  if (found === undefined) return ABSENT;
  return wanted === undefined ? NOT_WANTED : 'differs';
}
