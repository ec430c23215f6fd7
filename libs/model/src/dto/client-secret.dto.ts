import { Expose, Transform } from 'class-transformer';
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';

/** Ten years in seconds. */
const LONGEST = 315_360_000;

/** A number of seconds. Forms and queries have it as decimal digits. */
function Seconds(): PropertyDecorator {
  const decorators = [
    Expose(),
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && /^[0-9]{1,9}$/.test(value) ? Number(value) : value,
    ),
    IsOptional(),
    IsInt(),
    Min(0),
    Max(LONGEST),
  ];
  return (target, property) => {
    for (const decorator of decorators) decorator(target, property);
  };
}

/** The body or the query of `client/secret/refresh/{clientIdentifier}`. */
export class ApiServiceIdClientSecretRefresh {
  /** Seconds for which the previous secrets stay valid; 0 if they end at once. The service has a default. */
  @Seconds()
  overlap?: number;

  /** Seconds for which the new secret is valid; 0 for ever. The service has a default. */
  @Seconds()
  lifetime?: number;
}

/** The body of `POST /api/{serviceId}/client/secret/update/{clientIdentifier}`. */
export class ApiServiceIdClientSecretUpdate extends ApiServiceIdClientSecretRefresh {
  /** The new secret. */
  @Expose()
  @Matches(/^[\x20-\x7e]{1,255}$/, {
    message: 'clientSecret must have 1 to 255 printable ASCII characters.',
    context: { result: 'clientSecretUnfit' },
  })
  clientSecret!: string;
}
