import type { ParsedUri, UriProblem } from '../uris/parse-uri.ts';
import type { Problem } from './problem.ts';
import type { RegistrationSettings, SupportSetting } from './registration-settings.ts';

export type Kind =
  'text' | 'texts' | 'uri' | 'uris' | 'flag' | 'seconds' | 'choice' | 'choices' | 'scope' | 'keys' | 'object';

/** The metadata of one request as rows see it while it is being completed. */
export type PartialMetadata = Readonly<Record<string, unknown>>;

/** The part of a decision that a check of one value uses. */
export interface CheckContext {
  readonly settings: RegistrationSettings;
  /** Takes a URI apart, once per decision. */
  readonly parseUri: (text: string) => ParsedUri | UriProblem;
}

/** The use of an algorithm, and the side that uses it. */
export type AlgorithmUse =
  | { readonly signs: 'client' | 'server' }
  /** A key management algorithm, by the side that decrypts. */
  | { readonly encryptsTo: 'client' | 'server' }
  /** A content encryption algorithm, by the member that names the key management algorithm. */
  | { readonly contentOf: string };

/** Everything that a specification says about a member beyond its kind. */
export interface FieldOptions<Member, Tagged extends string = never, List extends string = never> {
  /** The section that defines the member. */
  readonly spec: string;
  /** The error of a broken value, if not `invalid_client_metadata`. */
  readonly error?: 'invalid_redirect_uri';
  /** The setting that lists the supported values, or says whether the member is supported at all. */
  readonly supported?: SupportSetting;
  /** The Authlete property that holds the language-tagged values (`client_name#ja`), if the member may be tagged. */
  readonly localizable?: Tagged;
  /** The member by which the client lists every value that it accepts, and leaves the choice to the server. */
  readonly alternatives?: List;
  /** The use of the algorithm that the member names. */
  readonly algorithm?: AlgorithmUse;
  /** The value when the client omits the member; may depend on the other members and on the settings. */
  readonly default?: Member | ((metadata: PartialMetadata, context: CheckContext) => Member | undefined);
}

/**
 * One row: everything about one member of client metadata. `Member` is its value in RFC 7591 JSON, `Property` its value in
 * Authlete's `Client`, `Name` that property's name (`extension.x` for one inside `extension`).
 */
export interface Field<
  Member = unknown,
  Name extends string = string,
  Property = Member,
  Tagged extends string = string,
  List extends string = string,
> extends FieldOptions<Member, Tagged, List> {
  readonly kind: Kind;
  readonly property: Name;
  /** The values of a choice, in RFC 7591 JSON. */
  readonly values?: readonly string[];
  /** Writes a value that has several forms in one of them. A value that is not of the kind is returned unchanged. */
  readonly normalize?: (value: unknown) => unknown;
  /** Every problem of a value; none if it is right. */
  readonly check: (value: unknown, context: CheckContext) => readonly Problem[];
  /** `undefined` if Authlete's `Client` cannot express the value. */
  readonly toProperty: (member: Member) => Property | undefined;
  readonly toMember: (property: Property) => Member;
}

/** A JWK Set by value. */
export interface JsonWebKeySet {
  keys: Record<string, unknown>[];
}
