import { Expose } from 'class-transformer';
import { IsArray, IsInt, IsOptional, IsString, Length, Min } from 'class-validator';
import type { ResultName } from '../wire/result-codes.ts';
import { Converted, Digits } from './decorators.ts';

function reportedAs(result: ResultName, message: string): { message: string; context: { result: ResultName } } {
  return { message, context: { result } };
}

/** The body of the calls for the access tokens and the granted scopes of an end user. */
export class ApiServiceIdClientGrant {
  /** The end user. */
  @Expose()
  @Length(1, 2000, reportedAs('subjectMissing', 'subject must be specified, with at most 2,000 characters.'))
  subject!: string;
}

/** The body of `POST /api/{serviceId}/client/authorization/get/list`. */
export class ApiServiceIdClientAuthorizationGetList extends ApiServiceIdClientGrant {
  @Expose()
  @IsOptional()
  @IsString()
  developer?: string;

  /** The index of the first client. */
  @Expose()
  @IsOptional()
  @Digits()
  @Min(0, reportedAs('startNegative', 'start must not be negative.'))
  @IsInt(reportedAs('startNotInteger', 'start must be an integer.'))
  start?: number;

  /** The index after the last client. */
  @Expose()
  @IsOptional()
  @Digits()
  @Min(0, reportedAs('endNegative', 'end must not be negative.'))
  @IsInt(reportedAs('endNotInteger', 'end must be an integer.'))
  end?: number;
}

/** The body of `POST /api/{serviceId}/client/authorization/update/{clientIdentifier}`. */
export class ApiServiceIdClientAuthorizationUpdate extends ApiServiceIdClientGrant {
  /** The scopes of the access tokens from then on. In a form, they are separated by spaces. */
  @Expose()
  @IsOptional()
  @Converted((value) => value.split(' '))
  @IsString({ each: true })
  @IsArray()
  scopes?: string[];
}
