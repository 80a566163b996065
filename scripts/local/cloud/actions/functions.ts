import * as v from 'valibot';
import { type Action, type Caller, readParameters } from '../call.ts';
import { RESULT_BYTES_MAX } from '../database/limits.ts';
import { CloudError, notProvided, parameterInvalid } from '../errors.ts';

/**
 * Runs a function and gives its result. A refusal is thrown as a CloudError, with the platform's code
 * (FUNCTIONS_EXECUTE_FAIL, FUNCTIONS_TIME_LIMIT_EXCEEDED, …).
 */
export type InvokeFunction = (name: string, data: unknown, caller: Caller) => Promise<unknown>;

const invocation = v.object({ function_name: v.string(), request_data: v.optional(v.string(), '') });

export function functionActions(invokeFunction: InvokeFunction | undefined): Record<string, Action> {
  return {
    'functions.invokeFunction': async (call) => {
      const { function_name, request_data } = readParameters(invocation, call);
      if (!invokeFunction) throw notProvided('functions: this world runs none');
      const result = await invokeFunction(function_name, readData(request_data), call.caller);
      const response_data = JSON.stringify(result ?? null);
      if (Buffer.byteLength(response_data) > RESULT_BYTES_MAX) {
        throw new CloudError('FUNCTIONS_EXECUTE_FAIL', `body size exceeds ${RESULT_BYTES_MAX} bytes`);
      }
      return { data: { response_data } };
    },
  };
}

function readData(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw parameterInvalid('functions.invokeFunction: request_data is not JSON');
  }
}
