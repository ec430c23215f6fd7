/** The section of each specification that a row or a rule points at, named once. */
export const RFC7591_CLIENT_METADATA = 'https://www.rfc-editor.org/rfc/rfc7591.html#section-2';
export const RFC7591_SOFTWARE_STATEMENT = 'https://www.rfc-editor.org/rfc/rfc7591.html#section-2.3';
export const RFC7591_CLIENT_INFORMATION_RESPONSE = 'https://www.rfc-editor.org/rfc/rfc7591.html#section-3.2.1';
export const RFC7592_CLIENT_INFORMATION_RESPONSE = 'https://www.rfc-editor.org/rfc/rfc7592.html#section-3';
export const OIDC_CLIENT_METADATA = 'https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata';
export const RFC8705_BOUND_ACCESS_TOKENS = 'https://www.rfc-editor.org/rfc/rfc8705.html#section-3.4';
export const RFC9101_CLIENT_METADATA = 'https://www.rfc-editor.org/rfc/rfc9101.html#section-10.5';
export const RFC9126_CLIENT_METADATA = 'https://www.rfc-editor.org/rfc/rfc9126.html#section-6';
export const CIBA_REGISTRATION =
  'https://openid.net/specs/openid-client-initiated-backchannel-authentication-core-1_0.html#registration';
