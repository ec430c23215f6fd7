import type { ClientMetadata } from '../metadata/client-metadata.ts';
import type { ReadObject } from '../metadata/json.ts';
import type { Plane, RegisteredSecret } from '../rules/client-facts.ts';

/** The properties of a registered client that a decision about its update reads. */
export interface RegisteredClient {
  /** The value of `client_id`. */
  readonly clientId: string;
  /** Seconds since 1970: `client_id_issued_at`. */
  readonly clientIdIssuedAt?: number;
  /** Seconds since 1970, 0 for never; absent without a client secret. */
  readonly clientSecretExpiresAt?: number;
  /** `registration_client_uri` */
  readonly registrationClientUri?: string;
  readonly secret: RegisteredSecret;
}

/** The input of a decision beside the request and the settings. */
export type DecisionContext = Registration | Update;

/** A client registers. */
interface Registration extends DecisionOptions {
  readonly operation: 'register';
  readonly registered?: undefined;
}

/** A client updates its registration. */
interface Update extends DecisionOptions {
  readonly operation: 'update';
  /** The client that the update replaces. */
  readonly registered: RegisteredClient;
}

interface DecisionOptions {
  readonly plane: Plane;
  /** Whether an administrator requests the metadata. Settings that limit who may register do not apply to administrators. */
  readonly byAdministrator?: boolean;
  /** The metadata of the client that an administrator replaces. */
  readonly replaced?: ClientMetadata | undefined;
  /** The claims of the software statement of the request, after its signature was verified. */
  readonly statement?: ReadObject | undefined;
  /** `first` stops at the first refusal; `all`, the default, collects every finding. */
  readonly findings?: 'first' | 'all';
}
