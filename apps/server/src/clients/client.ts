import type { ClientMetadata, ClientMetadataProperties } from '@clientele/model/metadata';
import { hashToken } from '../crypto/token.ts';
import type { Statement } from '../database/database.ts';

/** What is kept of a client beside its document: its identity, and what the server issued. */
export interface ClientHead {
  readonly serviceId: number;
  readonly clientId: number;
  /** 1 when registered, one more with every change. */
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Milliseconds since 1970; grows with every change. */
  readonly modifiedAt: number;
  /** SHA-256 of the registration access token, base64url; absent where the client has none. */
  readonly registrationAccessTokenHash: string | undefined;
  /** The registration access token that the client had before, where it still counts for a while. */
  readonly previousToken?: PreviousToken | undefined;
  /** In the clear; encrypted at rest. Absent where the client needs none. */
  readonly clientSecret: string | undefined;
}

/** One version of a client. */
export type ClientVersion = Pick<ClientHead, 'serviceId' | 'clientId' | 'version'>;

/** What is kept of a client: its head, and the properties that metadata and management set, its document. */
export interface StoredClient extends ClientHead {
  readonly properties: ClientProperties;
}

/** A client as it was found, without its document; what most need of that is there. */
export interface FoundHead extends ClientHead {
  readonly standing: Standing;
  /** What stands for its `software_id`; `null` where it has none. */
  readonly softwareIdHash: string | null;
}

/** A client as it was found. Its document is opened when it is asked for. */
export type FoundClient = FoundHead & StoredClient;

/** What decides, besides the registration access token, whether a client may manage itself, and what stays when it does. */
export type Standing = Pick<ClientProperties, 'dynamicallyRegistered' | 'locked' | 'initialAccessTokenId'>;

export interface PreviousToken {
  /** SHA-256, base64url. */
  readonly hash: string;
  /** Milliseconds since 1970; from then on it is worthless. */
  readonly until: number;
}

/** Authlete's `Client` without what the server issues. */
export type ClientProperties = ClientMetadataProperties & {
  readonly dynamicallyRegistered: boolean;
  readonly locked?: boolean;
  /** Members that only the service knows, as the JSON text of an object. */
  readonly customMetadata?: string;
  /** The initial access token that the client was registered with, by its ID; absent where none was needed. */
  readonly initialAccessTokenId?: number;
  /** Members whose values Authlete's `Client` has no constants for. */
  readonly unexpressed?: ClientMetadata;
  /** The software statement that was registered with, unmodified (RFC 7591 section 3.2.1). */
  readonly softwareStatement?: string;
};

const DOCUMENTS = new WeakMap<ClientProperties, string>();

/** The properties as the JSON text that is stored. Serialized at most once per object, and never for one that was read. */
export function documentOf(properties: ClientProperties): string {
  let document = DOCUMENTS.get(properties);
  if (document === undefined) DOCUMENTS.set(properties, (document = JSON.stringify(properties)));
  return document;
}

/** The properties in a stored text. */
export function propertiesIn(document: string): ClientProperties {
  const properties = JSON.parse(document) as ClientProperties;
  DOCUMENTS.set(properties, document);
  return properties;
}

/** What must hold for a client to be kept, when it is. */
export interface ChangeConditions {
  /** Whether no other client of the service may have its `software_id`. */
  readonly softwareIdAlone?: boolean;
  /** What is written with the client or not at all; where a required statement changes nothing, the client is not kept. */
  readonly alongside?: readonly Statement[];
}

export interface ReplaceConditions extends ChangeConditions {
  /** The version before, where it was found: what is the same in both need not be written. */
  readonly replaced?: FoundHead;
}

/** A `software_id`, and the client that has or wants it; without an ID, one that is not registered yet. */
export interface SoftwareIdUse {
  readonly serviceId: number;
  readonly clientId?: number | undefined;
  readonly softwareId: string;
}

/**
 * The clients of all services. Each method is one statement; every change that was answered is durable. All throw
 * `StoreUnavailableError` when the engine cannot answer.
 */
export abstract class ClientStore {
  /**
   * Keeps a new client; false, with nothing changed, when its client ID is taken or a condition is not met.
   */
  abstract insert(client: StoredClient, conditions?: ChangeConditions): Promise<boolean>;

  abstract find(serviceId: number, clientId: number): Promise<FoundClient | undefined>;

  /** The same without the document, which is most of what there is to read: for whoever replaces or removes it. */
  abstract findHead(serviceId: number, clientId: number): Promise<FoundHead | undefined>;

  /**
   * Puts the client in the place of its version before; false, with nothing changed, when that is not there any more or a
   * condition is not met.
   */
  abstract replace(client: StoredClient, conditions?: ReplaceConditions): Promise<boolean>;

  /** Whether another client of the service has the `software_id`. */
  abstract isSoftwareIdTaken(use: SoftwareIdUse): Promise<boolean>;

  /** Removes this version of the client; false, with nothing changed, when it is not there any more. */
  abstract delete(client: ClientVersion): Promise<boolean>;
}

/** What stands for a `software_id` in an index, since it may be long, and hold any character; `null` where there is none. */
export function hashOfSoftwareId(softwareId: string | undefined): string | null {
  return softwareId === undefined ? null : hashToken(softwareId);
}
