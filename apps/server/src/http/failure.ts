import { resultMessage, resultOf, type RefusedResponse, type ResultName } from '@clientele/model/metadata';

/** A failure of this server. The authorization server can pass the response content to its client application. */
export function failure(result: ResultName): RefusedResponse {
  return {
    ...resultOf(result),
    action: 'INTERNAL_SERVER_ERROR',
    responseContent: JSON.stringify({ error: 'server_error', error_description: resultMessage(result) }),
  };
}
