import type { FunctionManifest } from '../../manifest.ts';
import { PAYLOAD_MAX_BYTES } from './answer.ts';
import { FunctionError } from './function-error.ts';
import type { Invocation } from './invocation.ts';

/** Events that may wait for an instance of one function. */
const EVENTS_WAITING_MAX = 1000;

/** Why the platform does not even begin with an event; undefined when it does. */
export function refusal(
  { event, shopper }: Pick<Invocation, 'event' | 'shopper'>,
  { name, invoke }: FunctionManifest,
  waiting: number,
): FunctionError | undefined {
  if (shopper && invoke === 'nobody') {
    const message = `Permission denied: the security rule of ${name} lets no mini-program call it`;
    return new FunctionError('PERMISSION_DENIED', message);
  }
  if (waiting >= EVENTS_WAITING_MAX) {
    const message = `${EVENTS_WAITING_MAX} events already wait for an instance of ${name}`;
    return new FunctionError('EXCEED_CONCURRENT_REQUEST_LIMIT', message);
  }
  if (Buffer.byteLength(JSON.stringify(event) ?? '') > PAYLOAD_MAX_BYTES) {
    return new FunctionError('EXCEED_REQUEST_SIZE_LIMIT', `The event for ${name} is larger than 6 MB`);
  }
  return undefined;
}

/** A function that was never deployed, or is misspelled. */
export function notFound(name: string, known: readonly string[]): FunctionError {
  const message = `FunctionName parameter could not be found: ${name} is not in the manifest, which has ${known.join(', ')}`;
  return new FunctionError('FUNCTION_NOT_FOUND', message);
}
