/** The actor of a change. */
export type Actor =
  /** A caller of the API plane. */
  | { readonly type: 'api_access_token'; readonly id: string }
  /** A client application, through its authorization server or directly. */
  | {
      readonly type: 'client';
      readonly plane: 'api' | 'protocol';
      /** The API access token of the authorization server. */
      readonly apiAccessToken?: string;
      /** The address of the client application. */
      readonly address?: string;
    }
  /** A command on the command line, with the user of the operating system. */
  | { readonly type: 'cli'; readonly user?: string }
  /** The server itself, for example when it deletes what has expired. */
  | { readonly type: 'system' };

/** The actor of a change, and the request in which the change was made. */
export interface ChangedBy {
  readonly actor: Actor;
  readonly requestId?: string;
  /** Whether the caller has gone, so that it does not wait for the change any more. The log does not have it. */
  readonly hasGone?: () => boolean;
}

export const SYSTEM: ChangedBy = { actor: { type: 'system' } };

export const ACTIONS = [
  'client.created',
  'client.updated',
  'client.deleted',
  'service.created',
  'service.updated',
  'service.deleted',
  'service.imported',
  'api_access_token.created',
  'api_access_token.deleted',
  'initial_access_token.created',
  'initial_access_token.deleted',
  'client_secret.read',
  'store.restored',
  'encryption_key.rotated',
] as const;

export type Action = (typeof ACTIONS)[number];

export const SUBJECT_TYPES = [
  'client',
  'client_secret',
  'service',
  'api_access_token',
  'initial_access_token',
  'store',
] as const;

/** The subject of a change. The ID of a `client_secret` is that of its client. */
export interface Subject {
  readonly type: (typeof SUBJECT_TYPES)[number];
  readonly id: string;
  /** The `client_id` of a client, if it is not its number. After a deletion, only the log has it. */
  readonly canonicalId?: string;
}

/**
 * The difference in one member of what was changed: its values, or only the fact that a credential changed. A value that did not
 * exist is absent.
 */
export interface Difference {
  readonly member: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** A change as a use case knows it. The difference between two documents is computed later. */
export interface Change extends ChangedBy {
  readonly action: Action;
  readonly subject: Subject;
  /** Differences outside of the document. Credentials have no values. */
  readonly differences?: readonly Difference[];
}
