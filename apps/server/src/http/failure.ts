import { resultMessage, resultOf, type RefusedResponse, type ResultName } from '@clientele/model/metadata';

/** Our own failure, in both planes at once: the authorization server can pass the response content on. */
export function failure(result: ResultName): RefusedResponse {
  return {
    ...resultOf(result),
    action: 'INTERNAL_SERVER_ERROR',
    responseContent: JSON.stringify({ error: 'server_error', error_description: resultMessage(result) }),
  };
}
