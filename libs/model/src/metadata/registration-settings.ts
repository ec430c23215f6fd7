/** Maps each word of the command line and the environment to the setting that decides who may register on the protocol plane. */
export const PROTOCOL_REGISTRATION = {
  open: 'OPEN',
  'initial-access-token': 'INITIAL_ACCESS_TOKEN',
  off: 'OFF',
} as const;

/** The callers that may register: anybody, holders of an initial access token, or nobody. */
export type ProtocolRegistration = (typeof PROTOCOL_REGISTRATION)[keyof typeof PROTOCOL_REGISTRATION];

/**
 * The settings of a service for registrations, with the names of Authlete's `Service`. Every setting may be absent; an absent
 * list sets no limit.
 */
export interface RegistrationSettings {
  /** Whether clients may register on the API plane; they may if the setting is absent. */
  readonly dynamicRegistrationSupported?: boolean;
  /** Decides who may register on the protocol plane; `OFF` refuses every registration. */
  readonly protocolRegistration?: ProtocolRegistration;
  /** `STRICT` refuses a value that the service does not support; `NARROW` drops it from a list if another value remains. */
  readonly unsupportedValues?: 'STRICT' | 'NARROW';
  readonly supportedTokenAuthMethods?: readonly string[];
  /** Authlete's constants, and absolute URIs of extension grants (RFC 6749 section 4.5). */
  readonly supportedGrantTypes?: readonly string[];
  readonly supportedResponseTypes?: readonly string[];
  readonly supportedScopes?: readonly { readonly name: string; readonly defaultEntry?: boolean }[];
  readonly supportedAcrs?: readonly string[];
  readonly supportedAuthorizationDetailsTypes?: readonly string[];
  readonly supportedBackchannelTokenDeliveryModes?: readonly string[];
  readonly supportedClientRegistrationTypes?: readonly string[];
  readonly supportedDigestAlgorithms?: readonly string[];
  readonly supportedSubjectTypes?: readonly string[];
  readonly supportedJwsAlgs?: readonly string[];
  readonly supportedJweAlgs?: readonly string[];
  readonly supportedJweEncs?: readonly string[];
  readonly tlsClientCertificateBoundAccessTokens?: boolean;
  readonly backchannelUserCodeParameterSupported?: boolean;
  readonly backchannelLogoutSupported?: boolean;
  readonly backchannelLogoutSessionSupported?: boolean;
  readonly requestObjectRequired?: boolean;
  readonly traditionalRequestObjectProcessingApplied?: boolean;
  readonly supportedCustomClientMetadata?: readonly string[];
  readonly dcrDuplicateSoftwareIdBlocked?: boolean;
  readonly softwareStatementRequired?: boolean;
}

/** The settings that list the supported values of a member, or that turn support for a member on and off. */
export type SupportSetting = Extract<
  keyof RegistrationSettings,
  `supported${string}` | 'tlsClientCertificateBoundAccessTokens' | `backchannel${string}Supported`
>;
