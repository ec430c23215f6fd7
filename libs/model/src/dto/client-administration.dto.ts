import { Expose, plainToInstance, Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateBy,
  ValidateNested,
  type ValidationOptions,
} from 'class-validator';
import type { ResultName } from '../wire/result-codes.ts';
import { LONGEST_IDENTIFIER } from './client-requests.dto.ts';
import { CLIENT_SECRET } from './client-secret.dto.ts';
import { decorators } from './decorators.ts';
import { IsResource } from './texts.ts';
import { EARLIEST } from './time.ts';

const FAPI_MODES = [
  'FAPI1_BASELINE',
  'FAPI1_ADVANCED',
  'FAPI2_SECURITY',
  'FAPI2_MESSAGE_SIGNING_AUTH_REQ',
  'FAPI2_MESSAGE_SIGNING_AUTH_RES',
  'FAPI2_MESSAGE_SIGNING_INTROSPECTION_RES',
  'FAPI2_MESSAGE_SIGNING_RESOURCE_REQ',
  'FAPI2_MESSAGE_SIGNING_RESOURCE_RES',
];

const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** The most elements of a list. */
const MOST = 100;

/** The most scopes that fit into the text of a registered `scope`, which a `Client` shows as a list. */
const MOST_REGISTERED_SCOPES = 1000;

/** The most characters of a text. */
const LONGEST = 2000;

function Flag(): PropertyDecorator {
  return decorators(Expose(), IsOptional(), IsBoolean());
}

function Text(): PropertyDecorator {
  return decorators(Expose(), IsOptional(), IsString(), MaxLength(LONGEST));
}

function Texts(...accepted: readonly ((options: ValidationOptions) => PropertyDecorator)[]): PropertyDecorator {
  const each = { each: true };
  return decorators(
    Expose(),
    IsOptional(),
    IsArray(),
    ArrayMaxSize(MOST),
    IsString(each),
    MaxLength(LONGEST, each),
    ...accepted.map((accept) => accept(each)),
  );
}

/** A list of scopes, and the result codes for another value and for another element. */
function Scopes(
  most: number,
  results: { readonly list?: ResultName; readonly element?: ResultName } = {},
): PropertyDecorator {
  const each = { each: true };
  return decorators(
    Expose(),
    IsOptional(),
    IsArray({ context: { result: results.list } }),
    ArrayMaxSize(most),
    IsString({ ...each, context: { result: results.element } }),
    MaxLength(LONGEST, each),
    Matches(SCOPE_TOKEN, {
      ...each,
      message: 'each of requestableScopes must be a scope token (RFC 6749 section 3.3).',
    }),
  );
}

function Count(maximum = Number.MAX_SAFE_INTEGER): PropertyDecorator {
  return decorators(Expose(), IsOptional(), IsInt(), Min(0), Max(maximum));
}

/** An object, or a list of objects, with rules of its own. `Type` of class-transformer would need `reflect-metadata`. */
function Nested(type: () => new () => object, list = false): PropertyDecorator {
  return decorators(
    Expose(),
    IsOptional(),
    ...(list ? [IsArray(), ArrayMaxSize(MOST)] : [IsObject()]),
    ValidateNested(list ? { each: true } : {}),
    Transform(({ value }: { value: unknown }): unknown => {
      // A value of the other form, or one element too many, is refused. Converting all elements would cost more.
      if (Array.isArray(value) !== list) return value;
      const elements: unknown = Array.isArray(value) ? value.slice(0, MOST + 1) : value;
      return plainToInstance(type(), elements, { excludeExtraneousValues: true });
    }),
  );
}

/** A free attribute of a client. */
export class AttributeDto {
  @Expose()
  @Length(1, LONGEST)
  key!: string;

  @Expose()
  @IsString()
  @MaxLength(LONGEST)
  value!: string;
}

/** The properties of `extension` that only administrators set. Durations are in seconds; 0 stands for the duration of the service. */
export class ClientExtensionDto {
  /** The scopes that the client may request, if `requestableScopesEnabled` is true. */
  @Scopes(MOST_REGISTERED_SCOPES)
  requestableScopes?: string[];

  @Flag()
  requestableScopesEnabled?: boolean;

  @Count()
  accessTokenDuration?: number;

  @Count()
  refreshTokenDuration?: number;

  @Count()
  idTokenDuration?: number;

  @Flag()
  tokenExchangePermitted?: boolean;
}

/**
 * The properties of Authlete's `Client` that only administrators set, and three of our own: `resources`, `notes` and `expiresAt`. All
 * other properties of a `Client` are client metadata, which the table of client metadata judges, or are set by the server and ignored.
 */
export class ClientAdministrationDto {
  /** All lists together. */
  static readonly mostValues = 2000;

  /** Another identifier of the client, unique in the service. */
  @Expose()
  @IsOptional()
  @Length(1, LONGEST_IDENTIFIER)
  clientIdAlias?: string;

  @Expose()
  @IsOptional()
  @IsIn(['PUBLIC', 'CONFIDENTIAL'])
  clientType?: 'PUBLIC' | 'CONFIDENTIAL';

  @Text()
  developer?: string;

  @Nested(() => AttributeDto, true)
  attributes?: AttributeDto[];

  /** The resources for which the client may request tokens (RFC 8707); all if omitted. */
  @Texts(IsResource)
  resources?: string[];

  @Text()
  notes?: string;

  /** Milliseconds since 1970 from which the client is treated as deleted; 0 or omitted for never. */
  @Count()
  @ValidateBy({
    name: 'isTimeInMilliseconds',
    validator: {
      validate: (time) => time === 0 || (time as number) >= EARLIEST,
      defaultMessage: () => 'expiresAt must be milliseconds since 1970, or 0 for never.',
    },
  })
  expiresAt?: number;

  @Nested(() => ClientExtensionDto)
  extension?: ClientExtensionDto;

  /** A JSON object with the custom members of the service, as text. */
  @Expose()
  @IsOptional()
  @IsString()
  customMetadata?: string;

  @Flag()
  frontChannelRequestObjectEncryptionRequired?: boolean;

  @Flag()
  requestObjectEncryptionAlgMatchRequired?: boolean;

  @Flag()
  requestObjectEncryptionEncMatchRequired?: boolean;

  @Flag()
  singleAccessTokenPerSubject?: boolean;

  @Flag()
  pkceRequired?: boolean;

  @Flag()
  pkceS256Required?: boolean;

  @Flag()
  automaticallyRegistered?: boolean;

  @Flag()
  explicitlyRegistered?: boolean;

  @Flag()
  rsRequestSigned?: boolean;

  @Text()
  rsSignedRequestKeyId?: string;

  @Text()
  selfSignedCertificateKeyId?: string;

  @Flag()
  credentialResponseEncryptionRequired?: boolean;

  @Flag()
  inScopeForTokenMigration?: boolean;

  @Text()
  entityId?: string;

  @Text()
  trustAnchorId?: string;

  @Texts()
  trustChain?: string[];

  /** Milliseconds since 1970. */
  @Count()
  trustChainExpiresAt?: number;

  /** Milliseconds since 1970. */
  @Count()
  trustChainUpdatedAt?: number;

  @Expose()
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(FAPI_MODES.length)
  @IsIn(FAPI_MODES, { each: true })
  fapiModes?: string[];

  @Text()
  haipVersion?: string;
}

/** The body of `PUT /api/{serviceId}/client/{clientIdentifier}`. */
export class ClientReplacementDto extends ClientAdministrationDto {
  /** The secret of the client. If it is omitted, the client keeps its secret, or gets one if it needs its first one. */
  @Expose()
  @IsOptional()
  @Matches(CLIENT_SECRET, { message: 'clientSecret must have 1 to 255 printable ASCII characters.' })
  clientSecret?: string;

  /** The hash of the secret, instead of `clientSecret`: the name of its scheme, a colon, and the hash. */
  @Expose()
  @IsOptional()
  @IsString()
  clientSecretHash?: string;
}

/** The body of `POST /api/{serviceId}/client/lock_flag/update/{clientIdentifier}`. */
export class ApiServiceIdClientLockFlagUpdate {
  /** Whether the client is to be locked. */
  @Expose()
  @IsBoolean({ message: 'clientLocked must be true or false.' })
  clientLocked!: boolean;
}

/** The body of `POST` and `PUT /api/{serviceId}/client/extension/requestable_scopes/update/{clientIdentifier}`. */
export class ApiServiceIdClientRequestableScopesUpdate {
  /** The scopes that the client may request; without it, there is no limit. */
  @Scopes(MOST, { list: 'requestableScopesNotArray', element: 'requestableScopesNotStrings' })
  requestableScopes?: string[];
}
