import { Expose } from 'class-transformer';
import { IsInt, IsOptional, Length, Max, Min } from 'class-validator';

/** Ten years in seconds. */
const LONGEST = 315_360_000;

/** The body of `POST /api/{serviceId}/initial_access_token/create`. */
export class CreateInitialAccessTokenDto {
  /** Seconds until the token is worthless; a day when omitted. */
  @Expose()
  @IsInt()
  @Min(1)
  @Max(LONGEST)
  expiresIn = 86_400;

  /** How many clients may be registered with it; one when omitted. */
  @Expose()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  uses = 1;

  /** What people know the token by. */
  @Expose()
  @IsOptional()
  @Length(1, 200)
  label?: string;
}
