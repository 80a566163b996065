/** Which world: 0 is live, 1 the sandbox. The AppKey belongs to one of them. */
export type Env = 0 | 1;

/** The env of an answer's `env_type`, which counts from one: 1 is live, 2 the sandbox. Undefined for anything else. */
export function envOfType(env_type: number): Env | undefined {
  if (env_type === 1) return 0;
  return env_type === 2 ? 1 : undefined;
}
