import { Expose, Transform } from 'class-transformer';
import { IsBoolean, IsOptional, IsString } from 'class-validator';

const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, false: false };

/** The parameters of `/api/{serviceId}/service/configuration`, in the query or in the body. */
export class ServiceConfigurationRequestDto {
  /** Whether the response has line breaks and indentation. */
  @Expose()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? (BOOLEANS[value] ?? value) : value))
  @IsBoolean({ message: 'pretty must be true or false.' })
  pretty = false;

  /** The text of a JSON Patch (RFC 6902), which is applied to the response. */
  @Expose()
  @IsOptional()
  @IsString({ message: 'patch must be the text of a JSON Patch.' })
  patch?: string;
}
