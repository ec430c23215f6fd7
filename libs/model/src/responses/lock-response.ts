/** The response of `client/lock_flag/update` if the lock was changed. */
export interface LockResponse {
  /** `A293001`. */
  resultCode: string;
  resultMessage: string;
}
