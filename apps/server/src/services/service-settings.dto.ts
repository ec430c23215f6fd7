import { Expose, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  ValidateNested,
} from 'class-validator';
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
import { ProtocolSettingsDto } from './protocol-settings.dto.ts';
import { IsHttpUrl, IsSigningAlgorithm, Names, OneOf, OneOfOrUri } from './service-settings.decorators.ts';

/** A scope that clients may ask for. */
export class ScopeDto {
  /** The scope token (RFC 6749 section 3.3). */
  @Expose()
  @Matches(/^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/, { message: 'name must be a scope token (RFC 6749 section 3.3)' })
  name!: string;

  /** Whether a client that asks for no scope is registered with this one. */
  @Expose()
  @IsBoolean()
  defaultEntry = false;

  @Expose()
  @IsOptional()
  @IsString()
  description?: string;
}

/** Who may sign software statements (RFC 7591 section 2.3). */
export class SoftwareStatementIssuerDto {
  /** The `iss` of its statements. */
  @Expose()
  @Length(1, 2000)
  issuer!: string;

  /** Its public keys, as a JWK Set. */
  @Expose()
  @IsOptional()
  @IsObject()
  jwks?: JsonWebKeySet;

  /** Where its public keys are found, when not in `jwks`. */
  @Expose()
  @IsOptional()
  @IsHttpUrl()
  jwksUri?: string;

  /** Algorithms that it may sign with; asymmetric ones. */
  @Expose()
  @IsSigningAlgorithm()
  algorithms: string[] = ['RS256', 'PS256', 'ES256'];

  /** What `aud` must be, where it must be anything. */
  @Expose()
  @IsOptional()
  @IsString()
  audience?: string;
}

/**
 * The settings of a service, under Authlete's names; what they decide is documented in docs/services.md. An omitted list sets
 * no limit.
 */
export class ServiceSettingsDto extends ProtocolSettingsDto {
  @Expose()
  @Length(1, 200)
  serviceName = 'Service';

  /** The issuer identifier of the authorization server. */
  @Expose()
  @IsOptional()
  @IsHttpUrl()
  issuer?: string;

  /** Whether clients may be registered by RFC 7591. Clients that are registered stay manageable without it. */
  @Expose()
  @IsBoolean()
  dynamicRegistrationSupported = false;

  /** Whether the failures of a registration access token are the action UNAUTHORIZED; BAD_REQUEST otherwise. */
  @Expose()
  @IsBoolean()
  unauthorizedOnClientConfigSupported = false;

  /** Whether `scope` limits what a client may ask for (`requestableScopesEnabled`). */
  @Expose()
  @IsBoolean()
  dcrScopeUsedAsRequestable = false;

  /** Whether a client may not have the `software_id` of another client of the service. */
  @Expose()
  @IsBoolean()
  dcrDuplicateSoftwareIdBlocked = false;

  /** Whether `error_description` is left out of what client applications are sent. */
  @Expose()
  @IsBoolean()
  errorDescriptionOmitted = false;

  /** The client registration endpoint, where it is not this server's. */
  @Expose()
  @IsOptional()
  @IsHttpUrl()
  registrationEndpoint?: string;

  /** The base of the client configuration endpoints, where it is not the client registration endpoint. */
  @Expose()
  @IsOptional()
  @IsHttpUrl()
  registrationManagementEndpoint?: string;

  /** What happens to a value that the service does not support: refused, or dropped where another one remains. */
  @Expose()
  @IsIn(['STRICT', 'NARROW'], { message: 'unsupportedValues must be STRICT or NARROW' })
  unsupportedValues: 'STRICT' | 'NARROW' = 'STRICT';

  @Expose()
  @OneOf(CLIENT_AUTH_METHOD)
  supportedTokenAuthMethods?: string[];

  /** Constants, and absolute URIs of extension grants (RFC 6749 section 4.5). */
  @Expose()
  @OneOfOrUri(GRANT_TYPE)
  supportedGrantTypes?: string[];

  @Expose()
  @OneOf(RESPONSE_TYPE)
  supportedResponseTypes?: string[];

  @Expose()
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1000)
  @ValidateNested({ each: true })
  @Type(() => ScopeDto)
  supportedScopes?: ScopeDto[];

  @Expose()
  @Names()
  supportedAcrs?: string[];

  @Expose()
  @Names()
  supportedAuthorizationDetailsTypes?: string[];

  @Expose()
  @OneOf(BACKCHANNEL_TOKEN_DELIVERY_MODE)
  supportedBackchannelTokenDeliveryModes?: string[];

  @Expose()
  @OneOf(CLIENT_REGISTRATION_TYPE)
  supportedClientRegistrationTypes?: string[];

  @Expose()
  @Names()
  supportedDigestAlgorithms?: string[];

  @Expose()
  @OneOf(SUBJECT_TYPE)
  supportedSubjectTypes?: string[];

  /** Algorithms of every member that names one to sign with. */
  @Expose()
  @OneOf(JWS_ALG)
  supportedJwsAlgs?: string[];

  /** Key management algorithms of every member that names one. */
  @Expose()
  @OneOf(JWE_ALG)
  supportedJweAlgs?: string[];

  /** Content encryption algorithms of every member that names one. */
  @Expose()
  @OneOf(JWE_ENC)
  supportedJweEncs?: string[];

  @Expose()
  @IsOptional()
  @IsBoolean()
  tlsClientCertificateBoundAccessTokens?: boolean;

  @Expose()
  @IsOptional()
  @IsBoolean()
  backchannelUserCodeParameterSupported?: boolean;

  @Expose()
  @IsOptional()
  @IsBoolean()
  backchannelLogoutSupported?: boolean;

  @Expose()
  @IsOptional()
  @IsBoolean()
  backchannelLogoutSessionSupported?: boolean;

  /** Whether authorization requests are accepted only as request objects. */
  @Expose()
  @IsBoolean()
  requestObjectRequired = false;

  /** Whether request objects are taken as OpenID Connect Core has them: they need not be signed. */
  @Expose()
  @IsBoolean()
  traditionalRequestObjectProcessingApplied = false;

  /** Members beyond the standard ones that are kept and returned. */
  @Expose()
  @Names()
  supportedCustomClientMetadata?: string[];

  @Expose()
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => SoftwareStatementIssuerDto)
  softwareStatementIssuers?: SoftwareStatementIssuerDto[];

  /** Whether a registration must carry a software statement. */
  @Expose()
  @IsBoolean()
  softwareStatementRequired = false;
}
