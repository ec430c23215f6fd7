import { applyDecorators } from '@nestjs/common';
import { Expose } from 'class-transformer';
import { PROTOCOL_REGISTRATION, type ProtocolRegistration } from '@clientele/model/metadata';
import { IsBoolean, IsIn, IsInt, IsObject, IsOptional, Max, Min } from 'class-validator';
import { IsHttpUrl, Origins, PublishedAs } from './service-settings.decorators.ts';

/** The most seconds for which a previous registration access token stays valid. */
export const LONGEST_GRACE_PERIOD = 2_592_000;

/** Optional URL of the authorization server, and the member of its metadata that has it. */
function PublishedUrl(member: string): PropertyDecorator {
  return applyDecorators(Expose(), IsOptional(), IsHttpUrl(), PublishedAs(member));
}

/** The settings of a service that concern the protocol plane: the metadata of the authorization server, and who may call. */
export class ProtocolSettingsDto {
  @PublishedUrl('authorization_endpoint')
  authorizationEndpoint?: string;

  @PublishedUrl('token_endpoint')
  tokenEndpoint?: string;

  @PublishedUrl('userinfo_endpoint')
  userInfoEndpoint?: string;

  @PublishedUrl('jwks_uri')
  jwksUri?: string;

  @PublishedUrl('revocation_endpoint')
  revocationEndpoint?: string;

  @PublishedUrl('introspection_endpoint')
  introspectionEndpoint?: string;

  @PublishedUrl('pushed_authorization_request_endpoint')
  pushedAuthReqEndpoint?: string;

  @PublishedUrl('backchannel_authentication_endpoint')
  backchannelAuthenticationEndpoint?: string;

  @PublishedUrl('device_authorization_endpoint')
  deviceAuthorizationEndpoint?: string;

  @PublishedUrl('end_session_endpoint')
  endSessionEndpoint?: string;

  @PublishedUrl('service_documentation')
  serviceDocumentation?: string;

  @PublishedUrl('op_policy_uri')
  policyUri?: string;

  @PublishedUrl('op_tos_uri')
  tosUri?: string;

  /** Further members of the metadata of the authorization server (RFC 8414 section 2), published without members that are null. */
  @Expose()
  @IsOptional()
  @IsObject()
  serverMetadata?: Readonly<Record<string, unknown>>;

  /** Origins of the web pages that may call the protocol plane; all origins if omitted. */
  @Expose()
  @Origins()
  allowedOrigins?: string[];

  /** Decides who may register on the protocol plane: anybody, holders of an initial access token, or nobody. */
  @Expose()
  @IsIn(Object.values(PROTOCOL_REGISTRATION), {
    message: 'protocolRegistration must be OPEN, INITIAL_ACCESS_TOKEN or OFF',
  })
  protocolRegistration: ProtocolRegistration = 'OFF';

  /** Whether a registration on the API plane needs an initial access token. */
  @Expose()
  @IsBoolean()
  initialAccessTokenRequired = false;

  /** Whether every update issues a new registration access token. */
  @Expose()
  @IsBoolean()
  registrationAccessTokenRotated = false;

  /** Seconds for which the previous registration access token stays valid, in case the response with the new one is lost. */
  @Expose()
  @IsInt()
  @Min(0)
  @Max(LONGEST_GRACE_PERIOD)
  registrationAccessTokenGracePeriod = 0;

  /** Seconds for which a secret is valid that a registration or a refresh issues; 0: it never expires. */
  @Expose()
  @IsInt()
  @Min(0)
  @Max(315_360_000)
  clientSecretLifetime = 0;

  /** Seconds for which the previous secrets stay valid after a refresh or an update of the secret; 0: they become invalid at once. */
  @Expose()
  @IsInt()
  @Min(0)
  @Max(315_360_000)
  clientSecretOverlap = 0;

  /**
   * Seconds after which a client is deleted that registered without an initial access token and that nobody has used; 0 for never. A
   * client is used if it reads or updates its registration, or an authorization server looks it up.
   */
  @Expose()
  @IsInt()
  @Min(0)
  @Max(315_360_000)
  unusedRegistrationLifetime = 0;
}
