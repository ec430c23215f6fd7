import { Expose } from 'class-transformer';
import { ArrayMaxSize, IsBoolean, IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import {
  BACKCHANNEL_TOKEN_DELIVERY_MODE,
  CLIENT_AUTH_METHOD,
  CLIENT_REGISTRATION_TYPE,
  GRANT_TYPE,
  JWE_ALG,
  JWE_ENC,
  JWS_ALG,
  RESPONSE_TYPE,
  SUBJECT_TYPE,
  type JsonWebKeySet,
} from '@clientele/model/metadata';
import { ElementsOf } from '../http/converted.ts';
import { ProtocolSettingsDto } from './protocol-settings.dto.ts';
import {
  IsBaseUrl,
  IsHttpUrl,
  IsKeySet,
  IsSigningAlgorithm,
  Names,
  OneOf,
  OneOfOrUri,
  PublishedAs,
} from './service-settings.decorators.ts';
import { AreDistinct, AreVerifiable, IsFetchable } from './statement-issuer.decorators.ts';

/** A scope that clients may request. */
export class ScopeDto {
  /** The scope token (RFC 6749 section 3.3). */
  @Expose()
  @Matches(/^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/, { message: 'name must be a scope token (RFC 6749 section 3.3)' })
  name!: string;

  /** Whether a client that requests no scope is registered with this scope. */
  @Expose()
  @IsBoolean()
  defaultEntry = false;

  @Expose()
  @IsOptional()
  @IsString()
  description?: string;
}

/** A trusted issuer of software statements (RFC 7591 section 2.3). */
export class SoftwareStatementIssuerDto {
  /** The `iss` of its software statements. */
  @Expose()
  @Length(1, 2000)
  issuer!: string;

  /** Its public keys, as a JWK Set. */
  @Expose()
  @IsOptional()
  @IsKeySet()
  jwks?: JsonWebKeySet;

  /** The URL of its public keys, if they are not in `jwks`. */
  @Expose()
  @IsOptional()
  @IsFetchable()
  @IsHttpUrl()
  jwksUri?: string;

  /** The asymmetric algorithms with which it may sign. */
  @Expose()
  @AreVerifiable()
  @IsSigningAlgorithm()
  algorithms: string[] = ['RS256', 'PS256', 'ES256'];

  /** The required `aud`; any if omitted. */
  @Expose()
  @IsOptional()
  @IsString()
  audience?: string;
}

/** The settings of a service, under Authlete's names (docs/services.md). An omitted list sets no limit. */
export class ServiceSettingsDto extends ProtocolSettingsDto {
  /** All lists may have their most elements at once. */
  static readonly mostValues = 15_000;

  @Expose()
  @Length(1, 200)
  serviceName = 'Service';

  /** The issuer identifier of the authorization server. */
  @Expose()
  @IsOptional()
  @IsBaseUrl()
  issuer?: string;

  /** Whether clients may register on the API plane. Registered clients can be managed in any case. */
  @Expose()
  @IsBoolean()
  dynamicRegistrationSupported = false;

  /** Whether a wrong registration access token leads to the action UNAUTHORIZED. Otherwise it leads to BAD_REQUEST. */
  @Expose()
  @IsBoolean()
  unauthorizedOnClientConfigSupported = false;

  /** Whether `scope` limits the scopes that a client may request (`requestableScopesEnabled`). */
  @Expose()
  @IsBoolean()
  dcrScopeUsedAsRequestable = false;

  /** Whether a registration with the `software_id` of another client of the service is refused. */
  @Expose()
  @IsBoolean()
  dcrDuplicateSoftwareIdBlocked = false;

  /** Whether error responses to client applications omit `error_description`. */
  @Expose()
  @IsBoolean()
  errorDescriptionOmitted = false;

  /** The client registration endpoint, if it is not that of this server. */
  @Expose()
  @IsOptional()
  @IsBaseUrl()
  registrationEndpoint?: string;

  /** The base of the client configuration endpoints, if it is not the client registration endpoint. */
  @Expose()
  @IsOptional()
  @IsBaseUrl()
  registrationManagementEndpoint?: string;

  /** Seconds for which an authorization server may use a resolved client before it resolves it again. */
  @Expose()
  @IsInt()
  @Min(0)
  @Max(86_400)
  resolveMaxAge = 60;

  /** Seconds for which an authorization server may go on using a resolved client while this server cannot respond. */
  @Expose()
  @IsInt()
  @Min(0)
  @Max(2_592_000)
  resolveStaleIfError = 3600;

  /** Whether an unsupported value is refused, or removed from a list in which another value remains. */
  @Expose()
  @IsIn(['STRICT', 'NARROW'], { message: 'unsupportedValues must be STRICT or NARROW' })
  unsupportedValues: 'STRICT' | 'NARROW' = 'STRICT';

  @Expose()
  @OneOf(CLIENT_AUTH_METHOD)
  supportedTokenAuthMethods?: string[];

  /** Constants, and absolute URIs of extension grants (RFC 6749 section 4.5). */
  @Expose()
  @OneOfOrUri(GRANT_TYPE)
  @PublishedAs('grant_types_supported', GRANT_TYPE)
  supportedGrantTypes?: string[];

  @Expose()
  @OneOf(RESPONSE_TYPE)
  @PublishedAs('response_types_supported', RESPONSE_TYPE)
  supportedResponseTypes?: string[];

  @IsOptional()
  @ArrayMaxSize(1000)
  @ElementsOf(ScopeDto)
  supportedScopes?: ScopeDto[];

  @Expose()
  @Names()
  @PublishedAs('acr_values_supported')
  supportedAcrs?: string[];

  @Expose()
  @Names()
  @PublishedAs('authorization_details_types_supported')
  supportedAuthorizationDetailsTypes?: string[];

  @Expose()
  @OneOf(BACKCHANNEL_TOKEN_DELIVERY_MODE)
  @PublishedAs('backchannel_token_delivery_modes_supported', BACKCHANNEL_TOKEN_DELIVERY_MODE)
  supportedBackchannelTokenDeliveryModes?: string[];

  @Expose()
  @OneOf(CLIENT_REGISTRATION_TYPE)
  @PublishedAs('client_registration_types_supported', CLIENT_REGISTRATION_TYPE)
  supportedClientRegistrationTypes?: string[];

  @Expose()
  @Names()
  supportedDigestAlgorithms?: string[];

  @Expose()
  @OneOf(SUBJECT_TYPE)
  supportedSubjectTypes?: string[];

  /** The algorithms of every member that names a signature algorithm. */
  @Expose()
  @OneOf(JWS_ALG)
  supportedJwsAlgs?: string[];

  /** The algorithms of every member that names a key management algorithm. */
  @Expose()
  @OneOf(JWE_ALG)
  supportedJweAlgs?: string[];

  /** The algorithms of every member that names a content encryption algorithm. */
  @Expose()
  @OneOf(JWE_ENC)
  supportedJweEncs?: string[];

  @Expose()
  @IsOptional()
  @IsBoolean()
  @PublishedAs('tls_client_certificate_bound_access_tokens')
  tlsClientCertificateBoundAccessTokens?: boolean;

  @Expose()
  @IsOptional()
  @IsBoolean()
  @PublishedAs('backchannel_user_code_parameter_supported')
  backchannelUserCodeParameterSupported?: boolean;

  @Expose()
  @IsOptional()
  @IsBoolean()
  @PublishedAs('backchannel_logout_supported')
  backchannelLogoutSupported?: boolean;

  @Expose()
  @IsOptional()
  @IsBoolean()
  @PublishedAs('backchannel_logout_session_supported')
  backchannelLogoutSessionSupported?: boolean;

  /** Whether an authorization request must be a request object. */
  @Expose()
  @IsBoolean()
  requestObjectRequired = false;

  /** Whether request objects may be unsigned, as in OpenID Connect Core. */
  @Expose()
  @IsBoolean()
  traditionalRequestObjectProcessingApplied = false;

  /** Names of custom members, which are stored and returned. */
  @Expose()
  @Names()
  supportedCustomClientMetadata?: string[];

  @IsOptional()
  @ArrayMaxSize(100)
  @AreDistinct()
  @ElementsOf(SoftwareStatementIssuerDto)
  softwareStatementIssuers?: SoftwareStatementIssuerDto[];

  /** Whether a registration must carry a software statement. */
  @Expose()
  @IsBoolean()
  softwareStatementRequired = false;
}
