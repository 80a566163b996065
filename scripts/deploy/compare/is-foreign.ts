import { CREATE_FAILED, type FunctionState } from '../cloud/state.ts';

/** Two files at the root, as `digest` gives them. Release 0.1.0 had one. */
const HAS_OUR_FILES = /^[0-9a-f]{64}$/;
/** What every function of release 0.1.0 was given. */
const FIRST_VARIABLES = ['WECHAT_PAY_MCH_ID', 'WECHAT_PAY_API_KEY'];

/**
 * Whether a function that bears a name of ours was made by somebody else: names such as createOrder are the commonest there
 * are, and its code would be gone for good. A timer says nothing, since it is likely to be called as its function.
 */
export const isForeign = ({ code, status, variables }: FunctionState): boolean =>
  status !== CREATE_FAILED &&
  !HAS_OUR_FILES.test(code) &&
  !FIRST_VARIABLES.every((name) => variables[name] !== undefined);
