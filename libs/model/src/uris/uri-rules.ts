import {
  RFC1123_HOST_NAMES,
  RFC3986_CHARACTERS,
  RFC3986_FRAGMENT,
  RFC3986_HOST,
  RFC3986_PERCENT_ENCODING,
  RFC3986_PORT,
  RFC3986_RESERVED_CHARACTERS,
  RFC3986_SCHEME,
  RFC4291_TEXT,
  RFC5891_PUNYCODE,
  RFC9110_USER_INFORMATION,
  RFC9700_REDIRECT_URIS,
} from '../wire/specs.ts';

/** Rules for every URI in client metadata, independent of its scheme and its member. */
export const URI_RULES = {
  /** A URI starts with a scheme and does not end after it. */
  scheme: { specification: RFC3986_SCHEME },
  /** A URI is written in ASCII; host names use the xn-- form, other characters are percent-encoded. */
  ascii: { specification: RFC3986_CHARACTERS },
  /** A URI has no blanks. */
  blank: { specification: RFC3986_CHARACTERS },
  /** A URI has no control characters, such as tabs and line breaks. */
  control_character: { specification: RFC3986_CHARACTERS },
  /** Characters that URIs do not use are percent-encoded; only an IPv6 address has square brackets. */
  character: { specification: RFC3986_RESERVED_CHARACTERS },
  /** A percent sign is followed by two hexadecimal digits. */
  percent_encoding: { specification: RFC3986_PERCENT_ENCODING },
  /** A URI has at most one number sign, which starts its fragment. */
  fragment: { specification: RFC3986_FRAGMENT },
  /** A URI has no user name or password before its host, because they could look like another host. */
  user_information: { specification: RFC9110_USER_INFORMATION },
  /** An http or https URI has a host name of labels of 1 to 63 letters, digits and inner hyphens. */
  host: { specification: RFC1123_HOST_NAMES },
  /** Every host has its complete name without wildcards, because URIs are compared character by character. */
  wildcard: { specification: RFC9700_REDIRECT_URIS },
  /** A label that starts with xn-- is the punycode of a valid label, if the runtime checks that (Node.js 20 and 22 do). */
  encoded_name: { specification: RFC5891_PUNYCODE },
  /** An IPv4 address is written as four decimal numbers from 0 to 255 without leading zeros. */
  ipv4: { specification: RFC3986_HOST },
  /** An IPv6 address is valid, in square brackets and without a zone. */
  ipv6: { specification: RFC4291_TEXT },
  /** A port is a number from 1 to 65535. */
  port: { specification: RFC3986_PORT },
} as const satisfies Record<string, { specification: string }>;

export type UriRule = keyof typeof URI_RULES;

/** A rule that a URI violates. */
export interface UriProblem {
  readonly rule: UriRule;
  /** A sentence with the URI, the reason with its position, and the remedy. */
  readonly detail: string;
}

/** A rule that a part of a URI violates. The reason is the sentence without its subject, the URI. */
export interface UriFault {
  readonly rule: UriRule;
  readonly reason: string;
}
