import { isJsonObject, type ApiAccessTokenInformation } from '@clientele/model/metadata';
import { refusalOf, type Connection } from './connection.ts';
import { fetchDocument } from './fetch-document.ts';

/** Why a connection cannot be used. */
export interface UnusableConnection {
  readonly problem: string;
  readonly remedy: string;
}

/** Asks the server of a connection for the token of the connection, and checks that it is for the service of the connection. */
export async function fetchOwnToken(connection: Connection): Promise<ApiAccessTokenInformation | UnusableConnection> {
  const { baseUrl, serviceId, accessToken } = connection;
  const headers = { authorization: `Bearer ${accessToken}` };
  const response = await fetchDocument(`${baseUrl}/api/api_access_token/get/self`, headers);
  if ('problem' in response)
    return {
      problem: `The connection to ${baseUrl} failed: ${response.problem}.`,
      remedy: response.remedy ?? 'Check the URL, and that the server is running.',
    };
  if (response.status === 401)
    return {
      problem: `${baseUrl} refuses the API access token: it is wrong, expired or revoked.`,
      remedy: "Log in with another one. If the tokens of all administrators are lost, run 'clientele token recover'.",
    };
  const token = tokenIn(response.body);
  if (response.status !== 200 || token === undefined)
    return {
      problem: refusalOf({ status: response.status, resultMessage: messageIn(response.body) }, baseUrl),
      remedy: response.status >= 429 ? 'Try again later.' : 'Check the URL.',
    };
  if (serviceId === undefined) return token;
  if (token.serviceId !== undefined && String(token.serviceId) !== serviceId)
    return {
      problem: `The API access token is for the service ${token.serviceId}, not for ${serviceId}.`,
      remedy: 'Correct the service, or use a token for it.',
    };
  const service = await fetchDocument(`${baseUrl}/api/${serviceId}/service/get`, headers);
  if (!('problem' in service) && service.status === 404)
    return {
      problem: `There is no service ${serviceId} at ${baseUrl}.`,
      remedy: "Correct the service. After a login without one, 'clientele service list' shows the IDs.",
    };
  return token;
}

function tokenIn(body: unknown): ApiAccessTokenInformation | undefined {
  const isToken = isJsonObject(body) && typeof body.id === 'string' && Array.isArray(body.accessRights);
  return isToken ? (body as unknown as ApiAccessTokenInformation) : undefined;
}

function messageIn(body: unknown): string | undefined {
  return isJsonObject(body) && typeof body.resultMessage === 'string' ? body.resultMessage : undefined;
}
