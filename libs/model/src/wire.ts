/** The actions and statuses of responses, without the table of client metadata, for programs that must stay small. */
export {
  ACTION_OF_ERROR,
  STATUS_OF_ACTION,
  type ErrorAction,
  type ErrorResponse,
  type RegistrationErrorCode,
} from './wire/errors.ts';
