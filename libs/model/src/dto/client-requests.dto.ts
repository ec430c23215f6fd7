import { Expose, Transform } from 'class-transformer';
import { IsOptional, IsString, Length } from 'class-validator';

/** The most characters of an identifier of a client: those of a URL. */
export const LONGEST_IDENTIFIER = 2048;

/**
 * The body of `POST /api/{serviceId}/client/resolve`: the client that an authorization server looks up, and the version that it
 * knows.
 */
export class ApiServiceIdClientResolve {
  /** The texts are those of a client application: the operation judges them. */
  static readonly ofClientApplication = true;

  /** The `client_id` of a request, or an alias. A number is accepted as well. */
  @Expose()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'number' ? String(value) : value))
  @Length(1, LONGEST_IDENTIFIER, { message: `clientId must be a string of 1 to ${LONGEST_IDENTIFIER} characters.` })
  clientId!: string;

  /** The `etag` of an earlier response. */
  @Expose()
  @IsOptional()
  @IsString({ message: 'etag must be a string.' })
  etag?: string;
}

/** The body of `POST /api/{serviceId}/client/secret/verify/{clientIdentifier}`. */
export class ApiServiceIdClientSecretVerify {
  /** The texts are those of a client application: the operation judges them. */
  static readonly ofClientApplication = true;

  /** The client secret that was presented. */
  @Expose()
  @Length(0, LONGEST_IDENTIFIER, {
    message: `clientSecret must be a string of at most ${LONGEST_IDENTIFIER} characters.`,
  })
  clientSecret!: string;
}
