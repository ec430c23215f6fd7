import {
  resultMessage,
  RESULTS,
  type ResultCode,
  type ResultName,
  type ResultParameters,
} from '@clientele/model/metadata';

/** The caller of the API erred. The response has an HTTP status and a result code, but no action. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly result: ResultName,
    parameters?: ResultParameters,
    message: string = resultMessage(result, parameters),
  ) {
    super(message);
  }

  get resultCode(): ResultCode {
    return RESULTS[this.result].code;
  }
}

/** A part of the request is not acceptable. */
export function unacceptable(details: string): ApiError {
  return new ApiError(400, 'bodyUnacceptable', { details });
}
