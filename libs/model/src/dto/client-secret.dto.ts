import { Expose } from 'class-transformer';
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { decorators, Digits } from './decorators.ts';

/** A client secret that an administrator sets. */
export const CLIENT_SECRET = /^[\x20-\x7e]{1,255}$/;

/** Ten years in seconds. */
const LONGEST = 315_360_000;

/** A number of seconds. */
function Seconds(): PropertyDecorator {
  return decorators(Expose(), Digits(), IsOptional(), IsInt(), Min(0), Max(LONGEST));
}

/** The body or the query of `client/secret/refresh/{clientIdentifier}`. */
export class ApiServiceIdClientSecretRefresh {
  /** Seconds for which the previous secrets stay valid; 0: they become invalid at once. The service has a default. */
  @Seconds()
  overlap?: number;

  /** Seconds for which the new secret is valid; 0: it never expires. The service has a default. */
  @Seconds()
  lifetime?: number;
}

/** The body of `POST /api/{serviceId}/client/secret/update/{clientIdentifier}`. */
export class ApiServiceIdClientSecretUpdate extends ApiServiceIdClientSecretRefresh {
  /** The new secret. */
  @Expose()
  @Matches(CLIENT_SECRET, {
    message: 'clientSecret must have 1 to 255 printable ASCII characters.',
    context: { result: 'clientSecretUnfit' },
  })
  clientSecret!: string;
}
