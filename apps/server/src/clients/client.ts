import type { ClientMetadata, ClientMetadataProperties } from '@clientele/model/metadata';

/** No client has this ID. */
export const NO_CLIENT = 0;

/** The version of a client after its registration. */
export const FIRST_VERSION = 1;

/** The identity and credentials of a client, beside its document. */
export interface ClientHead {
  readonly serviceId: number;
  readonly clientId: number;
  /** `FIRST_VERSION` after the registration. Every change adds 1. */
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Milliseconds since 1970. It increases with every change. */
  readonly modifiedAt: number;
  /** SHA-256 of the registration access token, base64url; absent if the client has none. */
  readonly registrationAccessTokenHash: string | undefined;
  /** The previous registration access token while it is still valid. */
  readonly previousToken?: PreviousToken | undefined;
  /** In the clear; encrypted at rest. Absent if the client has none. */
  readonly clientSecret: string | undefined;
}

export interface PreviousToken {
  /** SHA-256, base64url. */
  readonly hash: string;
  /** Milliseconds since 1970. The token is not valid from then on. */
  readonly until: number;
}

/** One version of a client. */
export type ClientVersion = Pick<ClientHead, 'serviceId' | 'clientId' | 'version'>;

/** A client as it is stored: its head and its document. */
export interface StoredClient extends ClientHead {
  readonly properties: ClientProperties;
}

/** The head of a client in the store, with the columns that follow from its document. */
export interface FoundHead extends ClientHead {
  readonly dynamicallyRegistered: boolean;
  readonly locked: boolean;
  readonly initialAccessTokenId: number | undefined;
  /** Hash of its `software_id`; `null` if it has none. */
  readonly softwareIdHash: string | null;
}

/** A client in the store. Its document is parsed at the first access. */
export type FoundClient = FoundHead & StoredClient;

/** The document of a client: Authlete's `Client` without the members that the server issues. */
export type ClientProperties = ClientMetadataProperties & {
  readonly dynamicallyRegistered: boolean;
  readonly locked?: boolean;
  /** The custom members of the service, as the JSON text of an object. */
  readonly customMetadata?: string;
  /** The ID of the initial access token with which the client was registered; absent if none was required. */
  readonly initialAccessTokenId?: number;
  /** Members with values for which Authlete's `Client` has no constants. */
  readonly unexpressed?: ClientMetadata;
  /** The software statement of the registration, unmodified (RFC 7591 section 3.2.1). */
  readonly softwareStatement?: string;
};

const DOCUMENTS = new WeakMap<ClientProperties, string>();

/** The JSON text of a document. An object is serialized at most once, and never if it was parsed from a text. */
export function documentOf(properties: ClientProperties): string {
  let document = DOCUMENTS.get(properties);
  if (document === undefined) DOCUMENTS.set(properties, (document = JSON.stringify(properties)));
  return document;
}

/** Parses the JSON text of a document. */
export function propertiesIn(document: string): ClientProperties {
  const properties = JSON.parse(document) as ClientProperties;
  DOCUMENTS.set(properties, document);
  return properties;
}
