import { isJsonObject, type ApiAccessTokenInformation } from '@clientele/model/metadata';
import { refusalOf, type Connection, type TokenSource } from './connection.ts';
import { fetchDocument } from './fetch-document.ts';
import { isServiceId } from './service-id.ts';

/** The members of the token that are shown. Any program may respond, so each has been checked. */
export type OwnToken = Pick<ApiAccessTokenInformation, 'id' | 'serviceId' | 'accessRights' | 'expiresAt'>;

/** Why a connection cannot be used. */
export interface UnusableConnection {
  readonly problem: string;
  readonly remedy: string;
}

/** A token that the user has just entered. */
const GIVEN_TOKEN: TokenSource = { name: 'the API access token', remedy: 'Log in with another one.' };

/** Asks the server of a connection for the token of the connection, and checks that it is for the service of the connection. */
export async function fetchOwnToken(
  connection: Connection,
  { name, remedy }: TokenSource = GIVEN_TOKEN,
): Promise<OwnToken | UnusableConnection> {
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
      problem: `${baseUrl} refuses ${name}: it is wrong, expired or revoked.`,
      remedy: `${remedy} If the tokens of all administrators are lost, run 'clientele token recover'.`,
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

/** The token in a response; `undefined` if a member has a type or a range that no token has. */
export function tokenIn(body: unknown): OwnToken | undefined {
  if (!isJsonObject(body)) return undefined;
  const { id, serviceId, accessRights, expiresAt } = body;
  if (typeof id !== 'string' || !isListOfStrings(accessRights)) return undefined;
  if (serviceId !== undefined && !isServiceId(serviceId)) return undefined;
  if (expiresAt !== undefined && !isTime(expiresAt)) return undefined;
  return {
    id,
    accessRights,
    ...(serviceId !== undefined && { serviceId }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

function isListOfStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

/** Whether a value is a time in milliseconds since 1970 that has a form in ISO 8601. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && !Number.isNaN(new Date(value).getTime());
}

function messageIn(body: unknown): string | undefined {
  return isJsonObject(body) && typeof body.resultMessage === 'string' ? body.resultMessage : undefined;
}
