/** The section of each specification that a row or a rule points at, named once. */
export const RFC7591_CLIENT_METADATA = 'https://www.rfc-editor.org/rfc/rfc7591.html#section-2';
export const RFC7591_SOFTWARE_STATEMENT = 'https://www.rfc-editor.org/rfc/rfc7591.html#section-2.3';
export const RFC7591_CLIENT_INFORMATION_RESPONSE = 'https://www.rfc-editor.org/rfc/rfc7591.html#section-3.2.1';
export const RFC7592_CLIENT_INFORMATION_RESPONSE = 'https://www.rfc-editor.org/rfc/rfc7592.html#section-3';
export const OIDC_CLIENT_METADATA = 'https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata';
export const RFC8705_PKI = 'https://www.rfc-editor.org/rfc/rfc8705.html#section-2.1.2';
export const RFC8705_BOUND_ACCESS_TOKENS = 'https://www.rfc-editor.org/rfc/rfc8705.html#section-3.4';
export const RFC9101_CLIENT_METADATA = 'https://www.rfc-editor.org/rfc/rfc9101.html#section-10.5';
export const RFC9126_CLIENT_METADATA = 'https://www.rfc-editor.org/rfc/rfc9126.html#section-6';
export const CIBA_REGISTRATION =
  'https://openid.net/specs/openid-client-initiated-backchannel-authentication-core-1_0.html#registration';
export const RFC9396_CLIENT_METADATA = 'https://www.rfc-editor.org/rfc/rfc9396.html#section-10';
export const RFC9449_CLIENT_METADATA = 'https://www.rfc-editor.org/rfc/rfc9449.html#section-5.2';
export const RFC9701_CLIENT_METADATA = 'https://www.rfc-editor.org/rfc/rfc9701.html#section-6';
export const UMA_GRANT = 'https://docs.kantarainitiative.org/uma/wg/rec-oauth-uma-grant-2.0.html#rfc.section.2';
export const NFV_SEC_022 =
  'https://www.etsi.org/deliver/etsi_gs/NFV-SEC/001_099/022/02.07.01_60/gs_NFV-SEC022v020701p.pdf';
export const OIDC_FRONT_CHANNEL_LOGOUT = 'https://openid.net/specs/openid-connect-frontchannel-1_0.html#RPLogout';
export const OIDC_BACK_CHANNEL_LOGOUT = 'https://openid.net/specs/openid-connect-backchannel-1_0.html#BCRegistration';
export const OIDC_RP_INITIATED_LOGOUT = 'https://openid.net/specs/openid-connect-rpinitiated-1_0.html#ClientMetadata';
export const JARM_CLIENT_METADATA = 'https://openid.net/specs/oauth-v2-jarm.html#name-client-metadata';
export const FEDERATION_REGISTRATION_TYPES = 'https://openid.net/specs/openid-federation-1_0.html#section-5.1.2';
export const FEDERATION_KEYS = 'https://openid.net/specs/openid-federation-1_0.html#section-5.2.1';
export const FEDERATION_INFORMATION = 'https://openid.net/specs/openid-federation-1_0.html#section-5.2.2';
export const FAPI2_SECURITY_PROFILE = 'https://openid.net/specs/fapi-security-profile-2_0-final.html#section-5.2.2.1.1';
export const FAPI2_MESSAGE_SIGNING = 'https://openid.net/specs/fapi-message-signing-2_0.html#section-5.3.3';
export const OPENID4VP_VERIFIER_METADATA =
  'https://openid.net/specs/openid-4-verifiable-presentations-1_0.html#section-11.1';
export const OPENID4VP_CLIENT_METADATA =
  'https://openid.net/specs/openid-4-verifiable-presentations-1_0.html#section-5.1';
export const OPENID4VCI_CLIENT_METADATA =
  'https://openid.net/specs/openid-4-verifiable-credential-issuance-1_0.html#client-metadata';
export const IDENTITY_ASSURANCE = 'https://openid.net/specs/openid-connect-4-identity-assurance-1_0-ID3.html';
export const SPIFFE_CLIENT_AUTH = 'https://datatracker.ietf.org/doc/draft-ietf-oauth-spiffe-client-auth/';
export const RFC7591_GRANTS_AND_RESPONSES = 'https://www.rfc-editor.org/rfc/rfc7591.html#section-2.1';
export const RFC6749_CLIENT_CREDENTIALS = 'https://www.rfc-editor.org/rfc/rfc6749.html#section-4.4';
export const OIDC_SYMMETRIC_KEYS = 'https://openid.net/specs/openid-connect-core-1_0.html#SymmetricKeyEntropy';
export const RFC7592_UPDATE = 'https://www.rfc-editor.org/rfc/rfc7592.html#section-2.2';
export const RFC8259 = 'https://www.rfc-editor.org/rfc/rfc8259.html';
export const OIDC_SECTOR_IDENTIFIER =
  'https://openid.net/specs/openid-connect-registration-1_0.html#SectorIdentifierValidation';
export const RP_METADATA_CHOICES = 'https://openid.net/specs/openid-connect-rp-metadata-choices-1_0.html#section-2';
export const RFC7591_REGISTRATION = 'https://www.rfc-editor.org/rfc/rfc7591.html#section-3';
