import type { JsonKey } from '../keys/index.ts';
import type { ClientMetadata } from '../metadata/client-metadata.ts';
import type { CheckContext } from '../metadata/field.ts';
import type { RegistrationSettings } from '../metadata/registration-settings.ts';
import { isUriProblem, type ParsedUri } from '../uris/parse-uri.ts';

/**
 * Where a request comes from. If Authlete and the specifications disagree, the specifications decide on the protocol plane, and
 * Authlete on the API plane.
 */
export type Plane = 'api' | 'protocol';

/** The client secret that a registered client has: readable again, stored as a hash only, or none. */
export type RegisteredSecret = 'recoverable' | 'hashed' | 'none';

/** A URI of a list, taken apart, with its position. */
export interface UriAt {
  /** `redirect_uris[2]` */
  readonly at: string;
  readonly text: string;
  readonly uri: ParsedUri;
}

interface Circumstances {
  readonly plane: Plane;
  readonly secret: RegisteredSecret;
  /** Whether the client, or its software statement, named the member itself. */
  readonly isNamed: (member: keyof ClientMetadata) => boolean;
}

/** The metadata that rules judge, and what they need to know beside it. Each derived fact is computed once. */
export class ClientFacts {
  private readonly lists = new Map<string, readonly UriAt[]>();

  constructor(
    readonly metadata: ClientMetadata,
    private readonly context: CheckContext,
    private readonly circumstances: Circumstances,
  ) {}

  get plane(): Plane {
    return this.circumstances.plane;
  }

  get secret(): RegisteredSecret {
    return this.circumstances.secret;
  }

  get settings(): RegistrationSettings {
    return this.context.settings;
  }

  isNamed(member: keyof ClientMetadata): boolean {
    return this.circumstances.isNamed(member);
  }

  get redirects(): readonly UriAt[] {
    return this.urisOf('redirect_uris');
  }

  /** The URIs of a member that holds one or several. */
  urisOf(member: keyof ClientMetadata): readonly UriAt[] {
    let uris = this.lists.get(member);
    if (uris === undefined) this.lists.set(member, (uris = this.parse(member)));
    return uris;
  }

  /** The keys by value; `undefined` if there is no `jwks`. */
  get keys(): readonly JsonKey[] | undefined {
    return this.metadata.jwks?.keys;
  }

  /** Whether keys are given by reference, so that they are not known here. */
  get hasKeysByReference(): boolean {
    return this.metadata.jwks_uri !== undefined || this.metadata.signed_jwks_uri !== undefined;
  }

  private parse(member: keyof ClientMetadata): readonly UriAt[] {
    const value = this.metadata[member];
    if (value === undefined) return [];
    const found: UriAt[] = [];
    const add = (text: string, at: string): void => {
      const uri = this.context.parseUri(text);
      if (!isUriProblem(uri)) found.push({ at, text, uri });
    };
    if (!Array.isArray(value)) add(value as string, member);
    else
      (value as string[]).forEach((text, i) => {
        add(text, `${member}[${i}]`);
      });
    return found;
  }
}
