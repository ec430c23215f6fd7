const RFC3986 = 'https://www.rfc-editor.org/rfc/rfc3986.html';

/** Rules for every URI in client metadata, independent of its scheme and its member. */
export const URI_RULES = {
  /** A URI is complete: it starts with a scheme, and something follows the scheme. */
  scheme: { specification: `${RFC3986}#section-3.1` },
  /** A URI is written in ASCII; host names use the xn-- form, other characters are percent-encoded. */
  ascii: { specification: `${RFC3986}#section-2` },
  /** A URI has no blanks. */
  blank: { specification: `${RFC3986}#section-2` },
  /** A URI has no control characters, such as tabs and line breaks. */
  control_character: { specification: `${RFC3986}#section-2` },
  /** Characters that URIs do not use are percent-encoded; square brackets only enclose an IPv6 address. */
  character: { specification: `${RFC3986}#section-2.2` },
  /** A percent sign is followed by two hexadecimal digits. */
  percent_encoding: { specification: `${RFC3986}#section-2.1` },
  /** A URI has at most one number sign, which starts its fragment. */
  fragment: { specification: `${RFC3986}#section-3.5` },
  /** A URI has no user name or password before its host, where another host could be made to appear. */
  user_information: { specification: 'https://www.rfc-editor.org/rfc/rfc9110.html#section-4.2.4' },
  /** An http or https URI has a host name of labels of 1 to 63 letters, digits and inner hyphens. */
  host: { specification: 'https://www.rfc-editor.org/rfc/rfc1123.html#section-2.1' },
  /** Every host is registered by its complete name, because URIs are compared character by character. */
  wildcard: { specification: 'https://www.rfc-editor.org/rfc/rfc9700.html#section-4.1.3' },
  /** A label that starts with xn-- is the punycode of a valid label. */
  encoded_name: { specification: 'https://www.rfc-editor.org/rfc/rfc5891.html#section-4.4' },
  /** An IPv4 address is written as four decimal numbers from 0 to 255 without leading zeros. */
  ipv4: { specification: `${RFC3986}#section-3.2.2` },
  /** An IPv6 address is valid, in square brackets and without a zone. */
  ipv6: { specification: 'https://www.rfc-editor.org/rfc/rfc4291.html#section-2.2' },
  /** A port is a number from 1 to 65535. */
  port: { specification: `${RFC3986}#section-3.2.3` },
} as const satisfies Record<string, { specification: string }>;

export type UriRule = keyof typeof URI_RULES;

/** A rule that a URI breaks. */
export interface UriProblem {
  readonly rule: UriRule;
  /** A sentence that quotes the URI, names the reason with its place, and says what to do. */
  readonly says: string;
}

/** A rule that a part of a URI breaks; the reason is the sentence without its subject, the URI. */
export interface UriFault {
  readonly rule: UriRule;
  readonly reason: string;
}
