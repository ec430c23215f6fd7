import { resultMessage, type RefusedResponse, type ResultCode } from '@clientele/model/metadata';

/** Our own failure, in both planes at once: the authorization server can pass the response content on. */
export function failure(resultCode: ResultCode): RefusedResponse {
  return {
    resultCode,
    resultMessage: resultMessage(resultCode),
    action: 'INTERNAL_SERVER_ERROR',
    responseContent: JSON.stringify({ error: 'server_error', error_description: resultMessage(resultCode) }),
  };
}
