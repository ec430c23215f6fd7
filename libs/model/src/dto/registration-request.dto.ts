import { Expose } from 'class-transformer';
import { IsIn, IsOptional, IsString } from 'class-validator';
import type { ResultName } from '../wire/result-codes.ts';
import { IsId, ToId } from './id.ts';

/** The result code of an invalid property. The server reads it from the context of the validation error. */
function reportedAs(result: ResultName): { context: { result: ResultName } } {
  return { context: { result } };
}

/**
 * The body of `POST /api/{serviceId}/client/registration`.
 *
 * Authlete: further members are ignored, because generated clients send the members of all four calls to each call.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3.1
 */
export class ApiServiceIdClientRegistration {
  /** The texts are those of a client application: the operation judges them. */
  static readonly ofClientApplication = true;

  /** Client metadata as the text of a JSON object, as the client application sent it. */
  @Expose()
  @IsString({
    message: 'json must be a string that holds the JSON text of the client metadata.',
    ...reportedAs('metadataEmpty'),
  })
  json!: string;

  /** Initial access token, if the client application sent one. */
  @Expose()
  @IsOptional()
  @IsString({ message: 'token must be a string.' })
  token?: string;
}

/** The client of a call, and the registration access token that was presented for it. */
abstract class ClientConfigurationRequest {
  /** The texts are those of a client application: the operation judges them. */
  static readonly ofClientApplication = true;

  /** Client ID: a positive integer below 2^53. A decimal string is accepted as well. */
  @Expose()
  @ToId()
  @IsId(reportedAs('clientIdMalformed'))
  clientId!: number;

  /** Registration access token; the empty string if the client application sent none. */
  @Expose()
  @IsString({
    message: 'token must be a string: the registration access token.',
    ...reportedAs('registrationAccessTokenMissing'),
  })
  token!: string;
}

/**
 * The body of `POST /api/{serviceId}/client/registration/get`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.1
 */
export class ApiServiceIdClientRegistrationGet extends ClientConfigurationRequest {}

/**
 * The body of `POST /api/{serviceId}/client/registration/update`: the client, its registration access token, and the
 * metadata that replaces all registered metadata.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.2
 */
export class ApiServiceIdClientRegistrationUpdate extends ClientConfigurationRequest {
  /** Client metadata as the text of a JSON object that complies with RFC 7591, as the client application sent it. */
  @Expose()
  @IsString({
    message: 'json must be a string that holds the JSON text of the client metadata.',
    ...reportedAs('metadataEmpty'),
  })
  json!: string;
}

/**
 * The body of `POST /api/{serviceId}/client/registration/delete`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.3
 */
export class ApiServiceIdClientRegistrationDelete extends ClientConfigurationRequest {}

/**
 * The body of `POST /api/{serviceId}/client/registration/explain`, which explains the decision on a registration or an update and
 * changes nothing.
 */
export class ApiServiceIdClientRegistrationExplain {
  /** The texts are those of a client application: the operation judges them. */
  static readonly ofClientApplication = true;

  /** The operation that is explained. */
  @Expose()
  @IsIn(['register', 'update'], { message: 'operation must be register or update.' })
  operation!: 'register' | 'update';

  /** The plane of the request: `api` through the authorization server, `protocol` directly by RFC 7591 or RFC 7592. */
  @Expose()
  @IsIn(['api', 'protocol'], { message: 'plane must be api or protocol.' })
  plane!: 'api' | 'protocol';

  /** The client that an update replaces: a positive integer below 2^53, as a number or a decimal string. */
  @Expose()
  @IsOptional()
  @ToId()
  @IsId(reportedAs('clientIdMalformed'))
  clientId?: number;

  /** Client metadata as the text of a JSON object. */
  @Expose()
  @IsString({
    message: 'json must be a string that holds the JSON text of the client metadata.',
    ...reportedAs('metadataEmpty'),
  })
  json!: string;
}
