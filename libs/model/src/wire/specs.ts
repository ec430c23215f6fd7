/** The sections of specifications that rows and rules point at. */
export const RFC1123_HOST_NAMES = 'https://www.rfc-editor.org/rfc/rfc1123.html#section-2.1';
export const RFC3986_CHARACTERS = 'https://www.rfc-editor.org/rfc/rfc3986.html#section-2';
export const RFC3986_PERCENT_ENCODING = 'https://www.rfc-editor.org/rfc/rfc3986.html#section-2.1';
export const RFC3986_RESERVED_CHARACTERS = 'https://www.rfc-editor.org/rfc/rfc3986.html#section-2.2';
export const RFC3986_SCHEME = 'https://www.rfc-editor.org/rfc/rfc3986.html#section-3.1';
export const RFC3986_HOST = 'https://www.rfc-editor.org/rfc/rfc3986.html#section-3.2.2';
export const RFC3986_PORT = 'https://www.rfc-editor.org/rfc/rfc3986.html#section-3.2.3';
export const RFC3986_FRAGMENT = 'https://www.rfc-editor.org/rfc/rfc3986.html#section-3.5';
export const RFC4291_TEXT = 'https://www.rfc-editor.org/rfc/rfc4291.html#section-2.2';
export const RFC5891_PUNYCODE = 'https://www.rfc-editor.org/rfc/rfc5891.html#section-4.4';
export const RFC6749_REDIRECTION_ENDPOINT = 'https://www.rfc-editor.org/rfc/rfc6749.html#section-3.1.2';
export const RFC6749_CLIENT_CREDENTIALS = 'https://www.rfc-editor.org/rfc/rfc6749.html#section-4.4';
export const RFC7515_BASE64URL = 'https://www.rfc-editor.org/rfc/rfc7515.html#section-2';
export const RFC7517_MEMBERS = 'https://www.rfc-editor.org/rfc/rfc7517.html#section-4';
export const RFC7517_TYPE = 'https://www.rfc-editor.org/rfc/rfc7517.html#section-4.1';
export const RFC7517_OPERATIONS = 'https://www.rfc-editor.org/rfc/rfc7517.html#section-4.3';
export const RFC7517_ALGORITHM = 'https://www.rfc-editor.org/rfc/rfc7517.html#section-4.4';
export const RFC7517_CERTIFICATE_URL = 'https://www.rfc-editor.org/rfc/rfc7517.html#section-4.6';
export const RFC7517_CERTIFICATES = 'https://www.rfc-editor.org/rfc/rfc7517.html#section-4.7';
export const RFC7518_INTEGERS = 'https://www.rfc-editor.org/rfc/rfc7518.html#section-2';
export const RFC7518_RSA_SIZE = 'https://www.rfc-editor.org/rfc/rfc7518.html#section-3.3';
export const RFC7518_KEYS = 'https://www.rfc-editor.org/rfc/rfc7518.html#section-6';
export const RFC7518_CURVE = 'https://www.rfc-editor.org/rfc/rfc7518.html#section-6.2.1.1';
export const RFC7518_COORDINATE = 'https://www.rfc-editor.org/rfc/rfc7518.html#section-6.2.1.2';
export const RFC7591_CLIENT_METADATA = 'https://www.rfc-editor.org/rfc/rfc7591.html#section-2';
export const RFC7591_GRANTS_AND_RESPONSES = 'https://www.rfc-editor.org/rfc/rfc7591.html#section-2.1';
export const RFC7591_SOFTWARE_STATEMENT = 'https://www.rfc-editor.org/rfc/rfc7591.html#section-2.3';
export const RFC7591_REGISTRATION = 'https://www.rfc-editor.org/rfc/rfc7591.html#section-3';
export const RFC7591_CLIENT_INFORMATION_RESPONSE = 'https://www.rfc-editor.org/rfc/rfc7591.html#section-3.2.1';
export const RFC7591_SECURITY = 'https://www.rfc-editor.org/rfc/rfc7591.html#section-5';
export const RFC7592_UPDATE = 'https://www.rfc-editor.org/rfc/rfc7592.html#section-2.2';
export const RFC7592_CLIENT_INFORMATION_RESPONSE = 'https://www.rfc-editor.org/rfc/rfc7592.html#section-3';
export const RFC8017_PUBLIC_KEY = 'https://www.rfc-editor.org/rfc/rfc8017.html#section-3.1';
export const RFC8037_OCTET_KEY_PAIR = 'https://www.rfc-editor.org/rfc/rfc8037.html#section-2';
export const RFC8252_PRIVATE_USE_SCHEMES = 'https://www.rfc-editor.org/rfc/rfc8252.html#section-7.1';
export const RFC8252_LOCALHOST = 'https://www.rfc-editor.org/rfc/rfc8252.html#section-8.3';
export const RFC8259 = 'https://www.rfc-editor.org/rfc/rfc8259.html';
export const RFC8705_PKI = 'https://www.rfc-editor.org/rfc/rfc8705.html#section-2.1.2';
export const RFC8705_SELF_SIGNED = 'https://www.rfc-editor.org/rfc/rfc8705.html#section-2.2.2';
export const RFC8705_BOUND_ACCESS_TOKENS = 'https://www.rfc-editor.org/rfc/rfc8705.html#section-3.4';
export const RFC8725_CURVE_POINTS = 'https://www.rfc-editor.org/rfc/rfc8725.html#section-3.4';
export const RFC9101_CLIENT_METADATA = 'https://www.rfc-editor.org/rfc/rfc9101.html#section-10.5';
export const RFC9110_USER_INFORMATION = 'https://www.rfc-editor.org/rfc/rfc9110.html#section-4.2.4';
export const RFC9126_CLIENT_METADATA = 'https://www.rfc-editor.org/rfc/rfc9126.html#section-6';
export const RFC9396_CLIENT_METADATA = 'https://www.rfc-editor.org/rfc/rfc9396.html#section-10';
export const RFC9449_CLIENT_METADATA = 'https://www.rfc-editor.org/rfc/rfc9449.html#section-5.2';
export const RFC9700_GRANT_TYPES = 'https://www.rfc-editor.org/rfc/rfc9700.html#section-2';
export const RFC9700_REDIRECT_URIS = 'https://www.rfc-editor.org/rfc/rfc9700.html#section-4.1.3';
export const RFC9701_CLIENT_METADATA = 'https://www.rfc-editor.org/rfc/rfc9701.html#section-6';

export const CIBA_REGISTRATION =
  'https://openid.net/specs/openid-client-initiated-backchannel-authentication-core-1_0.html#registration';
export const FAPI2_MESSAGE_SIGNING = 'https://openid.net/specs/fapi-message-signing-2_0.html#section-5.3.3';
export const FAPI2_SECURITY_PROFILE = 'https://openid.net/specs/fapi-security-profile-2_0-final.html#section-5.2.2.1.1';
export const FEDERATION_INFORMATION = 'https://openid.net/specs/openid-federation-1_0.html#section-5.2.2';
export const FEDERATION_KEYS = 'https://openid.net/specs/openid-federation-1_0.html#section-5.2.1';
export const FEDERATION_REGISTRATION_TYPES = 'https://openid.net/specs/openid-federation-1_0.html#section-5.1.2';
export const IDENTITY_ASSURANCE = 'https://openid.net/specs/openid-connect-4-identity-assurance-1_0-ID3.html';
export const JARM_CLIENT_METADATA = 'https://openid.net/specs/oauth-v2-jarm.html#name-client-metadata';
export const NFV_SEC_022 =
  'https://www.etsi.org/deliver/etsi_gs/NFV-SEC/001_099/022/02.07.01_60/gs_NFV-SEC022v020701p.pdf';
export const OIDC_BACK_CHANNEL_LOGOUT = 'https://openid.net/specs/openid-connect-backchannel-1_0.html#BCRegistration';
export const OIDC_CLIENT_METADATA = 'https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata';
export const OIDC_ENCRYPTION = 'https://openid.net/specs/openid-connect-core-1_0.html#Encryption';
export const OIDC_FRONT_CHANNEL_LOGOUT = 'https://openid.net/specs/openid-connect-frontchannel-1_0.html#RPLogout';
export const OIDC_PAIRWISE_IDENTIFIERS = 'https://openid.net/specs/openid-connect-core-1_0.html#PairwiseAlg';
export const OIDC_REQUEST_URI = 'https://openid.net/specs/openid-connect-core-1_0.html#RequestUriParameter';
export const OIDC_RP_INITIATED_LOGOUT = 'https://openid.net/specs/openid-connect-rpinitiated-1_0.html#ClientMetadata';
export const OIDC_RP_METADATA_CHOICES =
  'https://openid.net/specs/openid-connect-rp-metadata-choices-1_0.html#section-2';
export const OIDC_SECTOR_IDENTIFIER =
  'https://openid.net/specs/openid-connect-registration-1_0.html#SectorIdentifierValidation';
export const OIDC_SYMMETRIC_KEYS = 'https://openid.net/specs/openid-connect-core-1_0.html#SymmetricKeyEntropy';
export const OPENID4VCI_CLIENT_METADATA =
  'https://openid.net/specs/openid-4-verifiable-credential-issuance-1_0.html#client-metadata';
export const OPENID4VP_CLIENT_METADATA =
  'https://openid.net/specs/openid-4-verifiable-presentations-1_0.html#section-5.1';
export const OPENID4VP_VERIFIER_METADATA =
  'https://openid.net/specs/openid-4-verifiable-presentations-1_0.html#section-11.1';
export const SPIFFE_CLIENT_AUTH = 'https://datatracker.ietf.org/doc/draft-ietf-oauth-spiffe-client-auth/';
export const UMA_GRANT = 'https://docs.kantarainitiative.org/uma/wg/rec-oauth-uma-grant-2.0.html#rfc.section.2';
