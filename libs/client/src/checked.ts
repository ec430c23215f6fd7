import { ApiError } from './errors.ts';
import { isObject, type ApiResponse } from './response.ts';

/** The members of a body. */
export type Members = Readonly<Record<string, unknown>>;

/**
 * Returns the body of a response.
 *
 * @throws {ApiError} if it is not an object that `isValid` accepts.
 */
export function checked(response: ApiResponse, isValid: (body: Members) => boolean): unknown {
  const { body } = response;
  if (!isObject(body) || !isValid(body)) throw new ApiError('The response has another form than documented.', response);
  return body;
}

export function areObjects(values: unknown): values is Members[] {
  return Array.isArray(values) && values.every(isObject);
}

export function areStrings(...values: unknown[]): boolean {
  return values.every((value) => typeof value === 'string');
}

export function areNumbers(...values: unknown[]): boolean {
  return values.every((value) => typeof value === 'number');
}
