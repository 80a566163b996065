import * as v from 'valibot';
import { type Account, ENVIRONMENT_ID } from './stand-in-account.ts';

/** What Tencent Cloud refuses, by its own code. */
export class Refusal extends Error {
  readonly code: string;
  constructor(code: string, message = code) {
    super(message);
    this.code = code;
  }
}

export type Answer = Readonly<Record<string, unknown>>;
export type Action = (account: Account, body: unknown) => Answer | Promise<Answer>;

/** An action whose body must have this shape, or the API would refuse it too. */
export function action<T>(
  schema: v.GenericSchema<unknown, T>,
  run: (account: Account, body: T) => Answer | Promise<Answer>,
): Action {
  return (account, body) => {
    const parsed = v.safeParse(schema, body);
    if (!parsed.success)
      throw new Refusal('InvalidParameter', `${v.getDotPath(parsed.issues[0])}: ${parsed.issues[0].message}`);
    return run(account, parsed.output);
  };
}

export const EnvId = v.literal(ENVIRONMENT_ID, `no environment but ${ENVIRONMENT_ID}`);

export function existingCollection(account: Account, name: string) {
  const collection = account.collections.get(name);
  if (!collection || collection.hidden-- > 0) throw new Refusal('ResourceNotFound.Table', 'Table not exist.');
  return collection;
}
