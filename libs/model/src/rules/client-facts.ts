import type { JsonKey } from '../keys/index.ts';
import type { ClientMetadata } from '../metadata/client-metadata.ts';
import type { CheckContext } from '../metadata/field.ts';
import type { RegistrationSettings } from '../metadata/registration-settings.ts';
import { isUriProblem, type ParsedUri } from '../uris/parse-uri.ts';

/**
 * The plane of a request. If Authlete and the specifications disagree, the specifications win on the protocol plane and Authlete
 * wins on the API plane.
 */
export type Plane = 'api' | 'protocol';

/**
 * The client secret of a registered client: the server can read it, can read it but it is too short for a key, has only its hash, or the
 * client has none.
 */
export type RegisteredSecret = 'recoverable' | 'short' | 'hashed' | 'none';

/** A parsed URI of a member, with its position. */
export interface MemberUri {
  /** `redirect_uris[2]` */
  readonly at: string;
  readonly text: string;
  readonly uri: ParsedUri;
}

interface ClientCircumstances {
  readonly plane: Plane;
  readonly secret: RegisteredSecret;
  /** Whether the member is in the request or in its software statement. */
  readonly isNamed: (member: keyof ClientMetadata) => boolean;
}

/** The metadata and the circumstances that rules read. Each derived fact is computed once. */
export class ClientFacts {
  private readonly lists = new Map<string, readonly MemberUri[]>();

  constructor(
    readonly metadata: ClientMetadata,
    private readonly context: CheckContext,
    private readonly circumstances: ClientCircumstances,
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

  get redirects(): readonly MemberUri[] {
    return this.urisOf('redirect_uris');
  }

  /** The URIs of a member, which has one URI or a list of URIs. */
  urisOf(member: keyof ClientMetadata): readonly MemberUri[] {
    let uris = this.lists.get(member);
    if (uris === undefined) this.lists.set(member, (uris = this.parse(member)));
    return uris;
  }

  /** The keys in `jwks`; `undefined` if there is no `jwks`. */
  get keys(): readonly JsonKey[] | undefined {
    return this.metadata.jwks?.keys;
  }

  /** Whether the keys are at a URI, so they are not known here. */
  get hasKeysByReference(): boolean {
    return this.metadata.jwks_uri !== undefined || this.metadata.signed_jwks_uri !== undefined;
  }

  private parse(member: keyof ClientMetadata): readonly MemberUri[] {
    const value = this.metadata[member];
    if (value === undefined) return [];
    const found: MemberUri[] = [];
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
