import { expect } from 'vitest';
import { FunctionError } from '../../../scripts/local/cloud/functions/function-error.ts';
import type { ShopUnderAttack } from '../shop-under-attack.ts';

/** What the attacker's mini-program gets: the function's answer, or the platform's refusal. */
export async function call(
  { shop, attacker }: ShopUnderAttack,
  name: string,
  data: object,
): Promise<unknown> {
  try {
    return await shop.host.callFunction(name, data, attacker);
  } catch (error) {
    if (error instanceof FunctionError) return error.code;
    throw error;
  }
}

export const refused = (errcode: string) => expect.objectContaining({ errcode, errmsg: expect.any(String) });
