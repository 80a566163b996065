/** A condition on one field, as `_.gt(3)`, or on a whole document, as `_.or([…])`. */
export class Command {
  readonly operator: string;
  readonly operands: readonly unknown[];
  constructor(operator: string, operands: readonly unknown[]) {
    this.operator = operator;
    this.operands = operands;
  }
  and(...others: readonly unknown[]): Command {
    return new Command('$and', [this, ...others.flat()]);
  }
  or(...others: readonly unknown[]): Command {
    return new Command('$or', [this, ...others.flat()]);
  }
}

/** A regular expression as the database takes it. */
export class DatabaseRegExp {
  readonly regexp: string;
  readonly options: string;
  constructor(regexp: string, options: string) {
    this.regexp = regexp;
    this.options = options;
  }
}

/** The moment at which the server reads it, shifted by `offset` milliseconds. */
export class ServerDate {
  readonly offset: number;
  constructor(offset: number) {
    this.offset = offset;
  }
}

const compare = (operator: string) => (value: unknown) => new Command(operator, [value]);
const combine =
  (operator: string) =>
  (...conditions: readonly unknown[]) =>
    new Command(operator, conditions.flat());

/** What `update` may do with a field, by MongoDB's operator; `push` and `unshift` take several values. */
const several =
  (operator: string) =>
  (...values: readonly unknown[]) =>
    new Command(operator, values);

/** `db.command`: the operators that a query and an update may use. */
export const command = {
  eq: compare('$eq'),
  neq: compare('$ne'),
  gt: compare('$gt'),
  gte: compare('$gte'),
  lt: compare('$lt'),
  lte: compare('$lte'),
  in: compare('$in'),
  nin: compare('$nin'),
  all: compare('$all'),
  size: compare('$size'),
  exists: compare('$exists'),
  elemMatch: compare('$elemMatch'),
  mod: (divisor: unknown, remainder: unknown) =>
    new Command('$mod', [Array.isArray(divisor) ? divisor : [divisor, remainder]]),
  and: combine('$and'),
  or: combine('$or'),
  nor: combine('$nor'),
  not: compare('$not'),
  set: compare('$set'),
  remove: () => new Command('$unset', []),
  inc: compare('$inc'),
  mul: compare('$mul'),
  min: compare('$min'),
  max: compare('$max'),
  rename: compare('$rename'),
  push: several('$push'),
  unshift: several('$unshift'),
  pop: () => new Command('$pop', [1]),
  shift: () => new Command('$pop', [-1]),
  addToSet: compare('$addToSet'),
  pull: compare('$pull'),
  pullAll: compare('$pullAll'),
};
