import { identifierText, type ClientIdentifier } from './identifier.ts';
import { query } from './pages.ts';

/**
 * Conditions for the clients of a list. All that are set must apply. Times are in milliseconds since 1970; `...After` includes the
 * time itself, `...Before` does not. The filters up to `attribute` use an index. The others examine the clients one by one, so a page
 * can have few clients or none.
 */
export interface ClientFilters {
  /** The number, the `client_id` or the alias of the client. */
  identifier?: ClientIdentifier | undefined;
  /** One of the redirect URIs, exactly. */
  redirectUri?: string | undefined;
  /** The host of one of the redirect URIs. */
  redirectHost?: string | undefined;
  softwareId?: string | undefined;
  /** The beginning of the name in any language, in upper or lower case. The list is in the order of names. */
  clientName?: string | undefined;
  developer?: string | undefined;
  /** An attribute, as `key=value`. */
  attribute?: string | undefined;
  /** How the client came to the service. */
  source?: 'STATIC_REGISTRATION' | 'DYNAMIC_REGISTRATION' | 'METADATA_DOCUMENT' | (string & {}) | undefined;
  clientType?: 'PUBLIC' | 'CONFIDENTIAL' | undefined;
  locked?: boolean | undefined;
  /** Authlete's constant or the value of `token_endpoint_auth_method`. */
  tokenAuthMethod?: string | undefined;
  /** Authlete's constant or a value of `grant_types`. */
  grantType?: string | undefined;
  createdAfter?: number | undefined;
  createdBefore?: number | undefined;
  modifiedAfter?: number | undefined;
  modifiedBefore?: number | undefined;
  usedAfter?: number | undefined;
  /** Includes clients that were never used. */
  usedBefore?: number | undefined;
}

/** The page to get, and the filters of the list. */
export interface ListPageRequest extends ClientFilters {
  /** The `next` of the previous page. Default: the first page. */
  after?: string | undefined;
  /** The most clients of the page: 1 to 1,000. Default: 100. */
  limit?: number | undefined;
}

/** Returns the query of a page. It always has a limit: without one and without filters, the API would page by indexes, as Authlete does. */
export function queryOf({ limit = 100, identifier, ...filters }: ListPageRequest): URLSearchParams {
  return query({ limit, identifier: identifier && identifierText(identifier), ...filters });
}
