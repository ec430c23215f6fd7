import type { ApiResponse } from './response.ts';

/** The status and headers of an HTTP response. */
export interface ResponseHead {
  status: number;
  headers: Headers;
}

/** A promise of the result of a call that also gives access to the HTTP response. */
export interface ApiPromise<T> extends Promise<T> {
  /** Returns the result with the status and headers of its response, for example the `ETag`. Rejects as the call does. */
  withResponse(): Promise<{ data: T; response: ResponseHead }>;
}

/** Converts the response of a call. */
export function toApiPromise<T>(received: Promise<ApiResponse>, convert: (response: ApiResponse) => T): ApiPromise<T> {
  const result = received.then(convert);
  return Object.assign(result, {
    withResponse: async () => {
      const data = await result;
      const { status, headers } = await received;
      return { data, response: { status, headers } };
    },
  });
}
