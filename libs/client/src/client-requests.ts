import type { ClientIdentifier } from './identifier.ts';
import type { Client } from './models.ts';

/** The properties of Authlete's `Client` to set. */
export type ClientInput = Partial<Client> & {
  /** Only `put` and `preview` accept it. */
  clientSecret?: string;
  /** The hash of a secret, as `scheme:payload`, instead of `clientSecret`. Only `put` and `preview` accept it. */
  clientSecretHash?: string;
};

/** A merge patch (RFC 7396): `null` removes a member, and every other value except an object replaces it. */
export type MergePatch<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [P in keyof T]?: MergePatch<T[P]> | null }
    : T;

/** The properties of Authlete's `Client` to change. */
export type ClientPatch = MergePatch<Client>;

/** The times of a new secret. */
export interface SecretTimes {
  /** Seconds for which the previous secrets stay valid; 0: they become invalid at once. Default: the setting of the service. */
  overlap?: number | undefined;
  /** Seconds after which the new secret expires; 0: never. Default: the setting of the service. */
  lifetime?: number | undefined;
}

/** A secret that replaces the current one. */
export interface NewSecret extends SecretTimes {
  /** 1 to 255 printable ASCII characters. */
  clientSecret: string;
}

/** The client to resolve. */
export interface ResolveRequest {
  clientId: ClientIdentifier;
  /** The `etag` of the version that the caller has. If it is current, the action is `NOT_MODIFIED`. */
  etag?: string | undefined;
}

/** The client that authenticates, and the secret that it sent. */
export interface VerifySecretRequest {
  clientId: ClientIdentifier;
  clientSecret: string;
}
