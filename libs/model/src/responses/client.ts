import type { ClientMetadataProperties } from '../metadata/client-metadata.ts';

/**
 * Authlete's `Client`: client metadata under Authlete's names, and further properties of the server. Absent properties are
 * omitted, never `null`; booleans and numbers are always present.
 */
export type Client = ClientMetadataProperties & {
  /** Authlete: a sequence number of the client record. Clientele has no sequence; always 0. */
  number: number;
  /** Sequence number of the service. */
  serviceNumber: number;
  /** Below 2^53. */
  clientId: number;
  /** The `client_id` under which the client was created, if it is not the number; Authlete has no such property. */
  canonicalClientId?: string;
  clientIdAliasEnabled: boolean;
  /** Absent if the client needs no secret. */
  clientSecret?: string;
  clientType: 'PUBLIC' | 'CONFIDENTIAL' | (string & {});
  /** Milliseconds since 1970. */
  createdAt: number;
  /** Milliseconds since 1970; increases with every change. */
  modifiedAt: number;
  dynamicallyRegistered: boolean;
  locked: boolean;
  [property: string]: unknown;
};
