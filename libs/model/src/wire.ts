/** The actions and statuses of responses and the form of base URLs, without the table of client metadata, for small programs. */
export {
  ACTION_OF_ERROR,
  STATUS_OF_ACTION,
  type ErrorAction,
  type ErrorResponse,
  type RegistrationErrorCode,
} from './wire/errors.ts';
export { withoutTrailingSlashes } from './uris/trailing-slashes.ts';
