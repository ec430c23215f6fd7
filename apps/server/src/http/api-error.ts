import { resultMessage, type ResultCode } from '@clientele/model/metadata';

/** The caller of our API erred: an HTTP status and a result code, never an action. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly resultCode: ResultCode,
    message: string = resultMessage(resultCode),
  ) {
    super(message);
  }
}
