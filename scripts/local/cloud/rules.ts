import type { Rule } from '../../manifest.ts';
import { conditionsOf } from './database/conditions.ts';
import { areEqual, type Document, documentOf, isDocument, isList, type Value } from './database/value.ts';

/**
 * A security rule, read once. Of a query it says whether every document that the query could give satisfies it: the
 * platform does not filter, it refuses a query that is not a subset
 * (https://docs.cloudbase.net/database/security-rules).
 */
export type RuleCheck = (query: { readonly openid: string; readonly filter: Document }) => boolean;

/** How a client writes its own openid in a query without knowing it. */
const OPENID_TEMPLATE = '{openid}';

/**
 * Reads `true`, `false`, or comparisons with == of `doc.<field>`, `auth.openid` and literals, joined by && and ||.
 * @throws Error for anything else, so that no rule is taken for another
 */
export function readRule(rule: Rule): RuleCheck {
  if (typeof rule === 'boolean') return () => rule;
  const alternatives = rule
    .split('||')
    .map((part) => part.split('&&').map((term) => readTerm(term.trim(), rule)));
  return (query) => alternatives.some((terms) => terms.every((term) => term(query)));
}

/** Puts the caller's openid where the query has the template. */
export function fillOpenid(value: Document, openid: string): Document {
  return documentOf(Object.entries(value).map(([field, held]) => [field, filled(held, openid)]));
}

function filled(value: Value, openid: string): Value {
  if (value === OPENID_TEMPLATE) return openid;
  if (isList(value)) return value.map((item) => filled(item, openid));
  return isDocument(value) ? fillOpenid(value, openid) : value;
}

type Operand = { readonly kind: 'field'; readonly path: string } | { readonly kind: 'openid' } | Literal;
type Literal = { readonly kind: 'literal'; readonly value: Value };

function readTerm(term: string, rule: string): RuleCheck {
  if (term === 'true' || term === 'false') return () => term === 'true';
  const sides = term.split(/===?/).map((side) => readOperand(side.trim()));
  const [left, right] = sides;
  if (!left || !right || sides.length !== 2) throw unreadable(rule);
  if (left.kind === 'field' && right.kind !== 'field') return (query) => pins(query, left.path, right);
  if (right.kind === 'field' && left.kind !== 'field') return (query) => pins(query, right.path, left);
  if (left.kind === 'field' || right.kind === 'field') throw unreadable(rule);
  return ({ openid }) => areEqual(valueIn(left, openid), valueIn(right, openid));
}

/** Whether the query itself asks for this value of the field, and so can give no other document. */
function pins(
  { openid, filter }: { openid: string; filter: Document },
  path: string,
  expected: Exclude<Operand, { kind: 'field' }>,
): boolean {
  const value = valueIn(expected, openid);
  return conditionsOf(filter).some(
    ([field, operator, asked]) => field === path && operator === '$eq' && areEqual(asked, value),
  );
}

function valueIn(operand: Exclude<Operand, { kind: 'field' }>, openid: string): Value {
  return operand.kind === 'openid' ? openid : operand.value;
}

function readOperand(text: string): Operand | undefined {
  if (text === 'auth.openid') return { kind: 'openid' };
  const path = text.match(/^doc\.([\w.]+)$/)?.[1];
  if (path) return { kind: 'field', path };
  if (text === 'null') return { kind: 'literal', value: null };
  if (text === 'true' || text === 'false') return { kind: 'literal', value: text === 'true' };
  if (/^-?\d+(\.\d+)?$/.test(text)) return { kind: 'literal', value: Number(text) };
  const quoted = text.match(/^(['"])([^'"\\]*)\1$/)?.[2];
  return quoted === undefined ? undefined : { kind: 'literal', value: quoted };
}

function unreadable(rule: string): Error {
  return new Error(
    `The local cloud cannot read the rule ${rule}: it knows true, false, ==, && and || over doc.<field>, auth.openid and literals.`,
  );
}
