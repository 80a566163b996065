import * as v from 'valibot';
import type { FunctionState, Timer } from './state.ts';

const TRIGGER = v.object({
  TriggerName: v.string(),
  Type: v.string(),
  TriggerDesc: v.string(),
  Enable: v.nullish(v.union([v.number(), v.string(), v.boolean()]), 1),
});

export const DESCRIBED_FUNCTION = v.object({
  Status: v.string(),
  Runtime: v.string(),
  Handler: v.string(),
  Timeout: v.number(),
  MemorySize: v.number(),
  InstallDependency: v.nullish(v.string(), 'FALSE'),
  Environment: v.nullish(
    v.object({ Variables: v.nullish(v.array(v.object({ Key: v.string(), Value: v.string() })), []) }),
    { Variables: [] },
  ),
  Triggers: v.nullish(v.array(TRIGGER), []),
});

export type DescribedFunction = v.InferOutput<typeof DESCRIBED_FUNCTION>;

/** @param code what was found in its download; the cloud does not say it */
export function stateOf(name: string, answer: DescribedFunction, code: string): FunctionState {
  return {
    name,
    runtime: answer.Runtime,
    handler: answer.Handler,
    timeout: answer.Timeout,
    memorySize: answer.MemorySize,
    installDependency: answer.InstallDependency === 'TRUE',
    variables: Object.fromEntries(answer.Environment.Variables.map(({ Key, Value }) => [Key, Value])),
    timers: answer.Triggers.filter(({ Type }) => Type === 'timer').map(timerOf),
    code,
    status: answer.Status,
  };
}

/** The schedule comes as it was given or wrapped in JSON; whether it is on, as a number or a word. */
function timerOf({ TriggerName, TriggerDesc, Enable }: v.InferOutput<typeof TRIGGER>): Timer {
  const wrapped = /"cron"\s*:\s*"([^"]+)"/.exec(TriggerDesc);
  return {
    name: TriggerName,
    config: wrapped?.[1] ?? TriggerDesc,
    enabled: ![0, '0', 'CLOSE', false].includes(Enable),
  };
}
