import type { Clock } from '../clock.ts';
import type { Trace } from '../trace.ts';
import { type Deliver, NotThisMachineError, type PostingReply } from './deliver.ts';
import type { LedgerOrder, NoticeAttempt } from './ledger.ts';
import { mask } from './mask.ts';
import { newNonce, type Random } from './spelling.ts';
import { readXml } from './xml.ts';

/** What a posting needs around it. */
export interface Posts {
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  readonly deliver: Deliver;
}

/**
 * Posts a notice once, records it in the trace, and answers what came of it; never rejects.
 * @param about the order, where nobody can read it in the notice
 */
export async function postNotice(
  { clock, random, trace, deliver }: Posts,
  { parameters }: Pick<LedgerOrder, 'parameters'>,
  { body, label, about }: { readonly body: string; readonly label: string; readonly about?: string },
): Promise<NoticeAttempt> {
  const { notify_url: url = '' } = parameters;
  const sent = { label, id: newNonce(random), ...(about !== undefined && { about }) };
  const at = clock.now();
  if (trace.isKept) {
    const payload = { url, ...mask(readXml(body)) };
    trace.record({ from: 'wechatpay', to: 'function', kind: 'call', ...sent, payload });
  }
  try {
    const reply = await deliver({ url, body, id: sent.id });
    const outcome = outcomeOf(reply);
    trace.record({
      from: 'function',
      to: 'wechatpay',
      kind: 'reply',
      ...sent,
      payload: { ...reply, ...outcome },
    });
    return { at, ...outcome };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    trace.record({ from: 'wechatpay', to: 'function', kind: 'lost', ...sent, payload: { url, why } });
    return { at, outcome: error instanceof NotThisMachineError ? 'refused' : 'unreachable', why };
  }
}

/** Only return_code SUCCESS in a readable reply counts. */
function outcomeOf({ status, body }: PostingReply): Pick<NoticeAttempt, 'outcome' | 'why'> {
  if (status !== 200) return { outcome: 'FAIL', why: `status ${status}` };
  try {
    const { return_code, return_msg = '' } = readXml(body);
    return return_code === 'SUCCESS' ? { outcome: 'SUCCESS' } : { outcome: 'FAIL', why: return_msg };
  } catch (error) {
    return {
      outcome: 'FAIL',
      why: `the reply is not readable: ${error instanceof Error ? error.message : error}`,
    };
  }
}
