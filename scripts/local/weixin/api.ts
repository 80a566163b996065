import type { Refused } from './errors.ts';

/** A request to one of the APIs, read as far as all of them are. */
export interface ApiRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  /** The bytes as they came, since signatures are made over them. */
  readonly text: string;
  /** The same as JSON; undefined with GET. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

/** Fields of an answer that says yes, as they are sent. */
export interface Answered {
  readonly kind: 'answered';
  readonly fields: Readonly<Record<string, unknown>>;
}

/** One API of api.weixin.qq.com. */
export interface Api {
  readonly method: 'GET' | 'POST';
  /** Whether it must be called with an access_token. */
  readonly takesToken: boolean;
  /** JSON everywhere; some call it something else. */
  readonly contentType: string;
  work(request: ApiRequest): Answered | Refused;
  /** Which order of a merchant the request is about, for faults that are meant for one order only. */
  orderOf?(request: ApiRequest): string | undefined;
}

export function answered(fields: Readonly<Record<string, unknown>>): Answered {
  return { kind: 'answered', fields };
}
