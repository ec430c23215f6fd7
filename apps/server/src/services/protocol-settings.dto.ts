import { Expose, Transform } from 'class-transformer';
import { IsBoolean, IsInt, IsObject, IsOptional, Max, Min } from 'class-validator';
import { IsHttpUrl, Origins } from './service-settings.decorators.ts';

/** Optional endpoint or document of the authorization server, published as it is. */
function PublishedUrl(): PropertyDecorator {
  return (target, property) => {
    Expose()(target, property);
    IsOptional()(target, property);
    IsHttpUrl()(target, property);
  };
}

/**
 * The settings of a service that its client applications meet: what discovery says of the authorization server, and how the
 * protocol plane can be called.
 */
export class ProtocolSettingsDto {
  @PublishedUrl()
  authorizationEndpoint?: string;

  @PublishedUrl()
  tokenEndpoint?: string;

  @PublishedUrl()
  userInfoEndpoint?: string;

  @PublishedUrl()
  jwksUri?: string;

  @PublishedUrl()
  revocationEndpoint?: string;

  @PublishedUrl()
  introspectionEndpoint?: string;

  @PublishedUrl()
  pushedAuthReqEndpoint?: string;

  @PublishedUrl()
  backchannelAuthenticationEndpoint?: string;

  @PublishedUrl()
  deviceAuthorizationEndpoint?: string;

  @PublishedUrl()
  endSessionEndpoint?: string;

  @PublishedUrl()
  serviceDocumentation?: string;

  @PublishedUrl()
  policyUri?: string;

  @PublishedUrl()
  tosUri?: string;

  /** Further members of the authorization server's metadata (RFC 8414 section 2), published as they are. */
  @Expose()
  @Transform(({ obj }: { obj: { serverMetadata?: unknown } }) => obj.serverMetadata)
  @IsOptional()
  @IsObject()
  serverMetadata?: Readonly<Record<string, unknown>>;

  /** Origins of the web pages that may call the protocol plane; all when omitted. */
  @Expose()
  @Origins()
  allowedOrigins?: string[];

  /** Whether a registration takes an initial access token, on both planes; otherwise anybody may register. */
  @Expose()
  @IsBoolean()
  initialAccessTokenRequired = false;

  /** Whether every update gives the client a new registration access token. */
  @Expose()
  @IsBoolean()
  registrationAccessTokenRotated = false;

  /** Seconds for which the registration access token before still counts, so that a lost answer locks nobody out. */
  @Expose()
  @IsInt()
  @Min(0)
  @Max(2_592_000)
  registrationAccessTokenGracePeriod = 0;
}
