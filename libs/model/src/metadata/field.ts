import type { ParsedUri, UriProblem } from '../uris/parse-uri.ts';
import type { Problem } from './problem.ts';
import type { RegistrationSettings, SupportSetting } from './registration-settings.ts';

export type Kind =
  'text' | 'texts' | 'uri' | 'uris' | 'flag' | 'seconds' | 'choice' | 'choices' | 'scope' | 'keys' | 'object';

/** The metadata of one request before all defaults are filled in. */
export type PartialMetadata = Readonly<Record<string, unknown>>;

/** The part of a decision that a check of one value uses. */
export interface CheckContext {
  readonly settings: RegistrationSettings;
  /** Parses each URI once per decision. */
  readonly parseUri: (text: string) => ParsedUri | UriProblem;
}

/** The use of an algorithm, and the side that uses it. */
export type AlgorithmUse =
  | { readonly signs: 'client' | 'server' }
  /** A key management algorithm, by the side that decrypts. */
  | { readonly encryptsTo: 'client' | 'server' }
  /** A content encryption algorithm, by the member that names the key management algorithm. */
  | { readonly contentOf: string };

/** The facts about a member beside its kind. */
export interface FieldOptions<Member, Tagged extends string = never, List extends string = never> {
  /** The section that defines the member. */
  readonly spec: string;
  /** The error of an invalid value, if it is not `invalid_client_metadata`. */
  readonly error?: 'invalid_redirect_uri';
  /** The setting that lists the supported values, or that turns support for the member on and off. */
  readonly supported?: SupportSetting;
  /** The Authlete property that holds the language-tagged values (`client_name#ja`), if the member may be tagged. */
  readonly localizable?: Tagged;
  /** The member that lists every value that the client accepts, so that the server can select one. */
  readonly alternatives?: List;
  /** The use of the algorithm that the member names. */
  readonly algorithm?: AlgorithmUse;
  /** The value if the client omits the member. It may depend on other members and on the settings. */
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
  /** Converts a value that has several forms to one form. A value of another kind is returned unchanged. */
  readonly normalize?: (value: unknown) => unknown;
  /** Every problem of a value; empty if the value is valid. */
  readonly check: (value: unknown, context: CheckContext) => readonly Problem[];
  /** `undefined` if Authlete's `Client` cannot express the value. */
  readonly toProperty: (member: Member) => Property | undefined;
  /** A value of another kind is returned unchanged, and `check` refuses it. */
  readonly toMember: (property: Property) => Member;
}

/** A JWK Set by value. */
export interface JsonWebKeySet {
  keys: Record<string, unknown>[];
}
