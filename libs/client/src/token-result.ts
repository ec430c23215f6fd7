import { areNumbers, areObjects, areStrings, checked, type Members } from './checked.ts';
import type {
  ApiAccessTokenInformation,
  ApiAccessTokenList,
  CreatedApiAccessToken,
  CreatedInitialAccessToken,
  InitialAccessTokenPage,
} from './models.ts';
import type { ApiResponse } from './response.ts';

/** @throws {ApiError} if the response has no new token. */
export function readAccessToken(response: ApiResponse): CreatedApiAccessToken {
  return checked(response, ({ id, apiAccessToken }) => areStrings(id, apiAccessToken)) as CreatedApiAccessToken;
}

/** @throws {ApiError} if the response is not a list of tokens. */
export function readAccessTokens(response: ApiResponse): readonly ApiAccessTokenInformation[] {
  const { apiAccessTokens } = checked(response, ({ apiAccessTokens }) =>
    areIdentified(apiAccessTokens, areStrings),
  ) as ApiAccessTokenList;
  return apiAccessTokens;
}

/** @throws {ApiError} if the response has no new token. */
export function readInitialAccessToken(response: ApiResponse): CreatedInitialAccessToken {
  return checked(
    response,
    ({ id, initialAccessToken }) => areNumbers(id) && areStrings(initialAccessToken),
  ) as CreatedInitialAccessToken;
}

/** @throws {ApiError} if the response is not a page of tokens. */
export function readInitialAccessTokenPage(response: ApiResponse): InitialAccessTokenPage {
  return checked(
    response,
    ({ initialAccessTokens, next = 0 }) => areNumbers(next) && areIdentified(initialAccessTokens, areNumbers),
  ) as InitialAccessTokenPage;
}

function areIdentified(tokens: unknown, isId: (id: unknown) => boolean): boolean {
  return areObjects(tokens) && tokens.every(({ id }: Members) => isId(id));
}
