import { Expose } from 'class-transformer';
import { ArrayMinSize, ArrayUnique, IsIn, IsInt, IsOptional, Length, Max, Min } from 'class-validator';
import { ACCESS_RIGHTS, type AccessRight } from './access-right.ts';

/** The longest validity of a token with an end, in seconds: ten years. */
export const LONGEST_LIFETIME = 315_360_000;

const RIGHTS = `accessRights must be a list of ${ACCESS_RIGHTS.join(', ')}`;

/** The body of `POST /api/api_access_token/create`, and of the same call for one service. */
export class CreateApiAccessTokenDto {
  /** The rights of the token. */
  @Expose()
  @ArrayUnique({ message: 'accessRights must not contain a right twice' })
  @ArrayMinSize(1, { message: RIGHTS })
  @IsIn(ACCESS_RIGHTS, { each: true, message: RIGHTS })
  accessRights!: AccessRight[];

  /** Seconds for which the token is valid; without limit if omitted. */
  @Expose()
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(LONGEST_LIFETIME)
  expiresIn?: number;

  /** A name for people. */
  @Expose()
  @IsOptional()
  @Length(1, 100)
  label?: string;
}
