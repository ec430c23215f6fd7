import { applyDecorators } from '@nestjs/common';
import { Expose, Transform } from 'class-transformer';
import { IsBoolean, IsOptional, IsString } from 'class-validator';

const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, false: false };

/** A boolean, or its text in a query or a form. */
function Flag(): PropertyDecorator {
  return applyDecorators(
    Expose(),
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? (BOOLEANS[value] ?? value) : value)),
    IsBoolean({ message: '$property must be true or false.' }),
  );
}

/** The parameters of `/api/{serviceId}/service/configuration`, in the query or in the body. */
export class ServiceConfigurationRequestDto {
  /** Whether the response has line breaks and indentation. */
  @Flag()
  pretty = false;

  /** The text of a JSON Patch (RFC 6902), which is applied to the response. */
  @Expose()
  @IsOptional()
  @IsString({ message: 'patch must be the text of a JSON Patch.' })
  patch?: string;
}

/** The parameters of `GET /api/{serviceId}/service/jwks/get`. */
export class ServiceJwksRequestDto {
  /** Whether the response has line breaks and indentation. */
  @Flag()
  pretty = false;

  /** Authlete: whether the response has private keys. */
  @Flag()
  includePrivateKeys = false;
}
