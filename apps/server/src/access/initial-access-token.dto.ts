import { Expose } from 'class-transformer';
import { IsInt, IsOptional, Length, Max, Min } from 'class-validator';

/** Ten years in seconds. */
const LONGEST = 315_360_000;

/** The body of `POST /api/{serviceId}/initial_access_token/create`. */
export class CreateInitialAccessTokenDto {
  /** Seconds for which the token is valid; a day if omitted. */
  @Expose()
  @IsInt()
  @Min(1)
  @Max(LONGEST)
  expiresIn = 86_400;

  /** The number of clients that can be registered with the token; one if omitted. */
  @Expose()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  uses = 1;

  /** A name for people. */
  @Expose()
  @IsOptional()
  @Length(1, 200)
  label?: string;
}
