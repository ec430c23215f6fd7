/**
 * Properties of Authlete's `Service` that have no effect here: the server sets them, or they concern only what the authorization server
 * does itself. They are accepted, so that a service of Authlete can be sent, and not stored.
 */
export const IGNORED_SETTINGS: readonly string[] = `
  accessTokenDuration accessTokenForExternalAttachmentEmbedded accessTokenSignAlg accessTokenSignatureKeyId
  accessTokenType allowableClockSkew apiKey apiSecret attributes authenticationCallbackApiKey
  authenticationCallbackApiSecret authenticationCallbackEndpoint authorityHints authorizationResponseDuration
  authorizationSignatureKeyId backchannelAuthReqIdDuration backchannelBindingMessageRequiredInFapi
  backchannelPollingInterval cimdAllowlist cimdAllowlistEnabled cimdAlwaysRetrieved cimdHttpPermitted
  cimdMetadataPolicy cimdMetadataPolicyEnabled cimdQueryPermitted claimShortcutRestrictive
  clientAssertionAudRestrictedToIssuer clientIdAliasEnabled cnonceDuration createdAt credentialDuration
  credentialIssuerMetadata credentialJwks credentialJwksUri credentialOfferDuration credentialTransactionDuration
  description developerAuthenticationCallbackApiKey developerAuthenticationCallbackApiSecret
  developerAuthenticationCallbackEndpoint deviceFlowCodeDuration deviceFlowPollingInterval deviceVerificationUri
  deviceVerificationUriComplete directAuthorizationEndpointEnabled directIntrospectionEndpointEnabled
  directJwksEndpointEnabled directRevocationEndpointEnabled directTokenEndpointEnabled directUserInfoEndpointEnabled
  dpopNonceDuration dpopNonceRequired errorUriOmitted fapiModes federationConfigurationDuration federationJwks
  federationRegistrationEndpoint federationSignatureKeyId frontChannelRequestObjectEncryptionRequired
  grantManagementActionRequired grantManagementEndpoint hsks hsmEnabled idTokenAudType idTokenDuration
  idTokenReissuable idTokenSignatureKeyId introspectionSignatureKeyId issSuppressed jwks
  jwtGrantByIdentifiableClientsOnly jwtGrantEncryptedJwtRejected jwtGrantUnsignedJwtRejected
  loopbackRedirectionUriVariable metadata missingClientIdAllowed modifiedAt mtlsEndpointAliases
  mutualTlsValidatePkiCertChain nativeSsoSupported nbfOptional number oid4vciVersion
  openidDroppedOnRefreshWithoutOfflineAccess organizationName parRequired pkceRequired pkceS256Required
  preAuthorizedGrantAnonymousAccessSupported predefinedTransformedClaims pushedAuthReqDuration refreshTokenDuration
  refreshTokenDurationKept refreshTokenDurationReset refreshTokenIdempotent refreshTokenKept
  requestObjectAudienceChecked requestObjectEncryptionAlgMatchRequired requestObjectEncryptionEncMatchRequired
  resourceSignatureKeyId rsResponseSigned scopeRequired serviceOwnerNumber signedJwksUri singleAccessTokenPerSubject
  snsCredentials supportedAttachments supportedClaimLocales supportedClaimTypes supportedClaims supportedDisplays
  supportedDocuments supportedDocumentsCheckMethods supportedDocumentsMethods supportedDocumentsValidationMethods
  supportedDocumentsVerificationMethods supportedElectronicRecords supportedEvidence supportedIdentityDocuments
  supportedIntrospectionAuthMethods supportedPromptValues supportedRevocationAuthMethods supportedServiceProfiles
  supportedSnses supportedTrustFrameworks supportedUiLocales supportedVerificationMethods supportedVerifiedClaims
  tokenBatchNotificationEndpoint tokenExchangeByConfidentialClientsOnly tokenExchangeByIdentifiableClientsOnly
  tokenExchangeByPermittedClientsOnly tokenExchangeEncryptedJwtRejected tokenExchangeUnsignedJwtRejected
  tokenExpirationLinked trustAnchors trustedRootCertificates userCodeCharset userCodeLength userInfoSignatureKeyId
  userPinLength verifiableCredentialsEnabled verifiedClaimsValidationSchemaSet
`
  .trim()
  .split(/\s+/);

/** Properties of Authlete's `Service` that decide which clients there can be, and that this server would not obey. */
export const REFUSED_SETTINGS: ReadonlyMap<string, string> = new Map([
  ['clientsPerDeveloper', 'this server does not limit the clients of a developer; omit it or send 0.'],
  ['httpAliasProhibited', 'this server does not prohibit aliases that are URLs; omit it or send false.'],
  [
    'clientIdMetadataDocumentSupported',
    'this server does not support client ID metadata documents; omit it or send false.',
  ],
  ['federationEnabled', 'this server does not support OpenID Federation; omit it or send false.'],
]);
