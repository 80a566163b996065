import { createRequire } from 'node:module';
import { wrapDatabase } from '../../cloudfunctions/_shared/cloud/database/database.ts';
import { openSdk, type ServerSdk } from '../../cloudfunctions/_shared/cloud/database/sdk.ts';
import { realTimers } from '../../cloudfunctions/_shared/cloud/timers.ts';
import { OPERATIONS } from './operations.ts';

/** A program that uses one build of the SDK as a function does; it runs the operation that its parent names, and answers. */

standTheClock();
const loaded: ServerSdk = createRequire(import.meta.url)(process.argv[2] ?? '');
const sdk = openSdk(loaded);
const opened = sdk.database();
const touched = new Set<string>();
const database = wrapDatabase(watched(opened), { random: () => 0, timers: realTimers });

process.on('message', (name: string) => {
  const operation = OPERATIONS.find((each) => each.name === name);
  if (!operation) throw new Error(`no operation ${name}`);
  operation.run(database, sdk).then(
    (result) => tell({ result }),
    (error: unknown) => tell({ error: described(error) }),
  );
});

function tell(outcome: { result: unknown } | { error: unknown }): void {
  process.send?.({ ...outcome, touched: [...touched].toSorted(), exported: Object.keys(loaded).toSorted() });
}

/** Requests carry the time, and ids and signatures made of it and of chance: both are the same for every build. */
function standTheClock(): void {
  const RealDate = Date;
  const now = Date.UTC(2027, 0, 15);
  globalThis.Date = new Proxy(RealDate, {
    apply: () => new RealDate(now).toString(),
    construct: (target, parameters, made) =>
      Reflect.construct(target, parameters.length ? parameters : [now], made),
    get: (target, name) => (name === 'now' ? () => now : Reflect.get(target, name)),
  });
  let seed = 1;
  Math.random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
}

/** Notes the name of each method of the SDK that is called, in whatever it gives. */
function watched<Watched>(value: Watched): Watched {
  if (typeof value !== 'object' || value === null) return value;
  return new Proxy(value, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return name === 'command' ? watched(member) : member;
      return (...parameters: unknown[]) => {
        touched.add(String(name));
        const given: unknown = Reflect.apply(member, target, parameters);
        if (name === 'startTransaction') return Promise.resolve(given).then(watched);
        return ['collection', 'doc', 'where', 'orderBy', 'limit'].includes(String(name))
          ? watched(given)
          : given;
      };
    },
  });
}

/** All that our code looks at in an error, and what it was made of. */
function described(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, cause } = error;
  return { ...error, name, message, ...(cause === undefined ? {} : { cause: described(cause) }) };
}
