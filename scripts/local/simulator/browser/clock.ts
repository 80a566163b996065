/**
 * The world's clock may run ahead of the machine's. The server says by how much with each answer; the mini-program's
 * `Date` is the one below, so that moving the world's clock moves its countdowns.
 */
let offset = 0;

export function setClockOffset(milliseconds: number): void {
  if (Number.isFinite(milliseconds)) offset = milliseconds;
}

export function worldNow(): number {
  return Date.now() + offset;
}

export const WorldDate: DateConstructor = new Proxy(Date, {
  construct: (target, args: unknown[], newTarget) =>
    Reflect.construct(
      target,
      args.length === 0 ? [worldNow()] : args,
      newTarget === WorldDate ? target : newTarget,
    ),
  apply: () => new Date(worldNow()).toString(),
  get: (target, key) => (key === 'now' ? worldNow : Reflect.get(target, key)),
});
