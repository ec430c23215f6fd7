import { Inject, Injectable } from '@nestjs/common';
import { ClientRegistration } from '../registration/client-registration.ts';
import { RegistrationError } from '../http/registration-error.ts';
import { Metrics } from './metrics.ts';

type Operation = 'register' | 'get' | 'update' | 'delete';

/** The four operations, each counted by its outcome, whichever plane called it. */
@Injectable()
export class MeasuredRegistration extends ClientRegistration {
  @Inject(Metrics)
  private readonly metrics!: Metrics;

  override register(...call: Parameters<ClientRegistration['register']>) {
    return this.counted('register', super.register(...call));
  }

  override get(...call: Parameters<ClientRegistration['get']>) {
    return this.counted('get', super.get(...call));
  }

  override update(...call: Parameters<ClientRegistration['update']>) {
    return this.counted('update', super.update(...call));
  }

  override delete(...call: Parameters<ClientRegistration['delete']>) {
    return this.counted('delete', super.delete(...call));
  }

  private counted<T>(operation: Operation, result: Promise<T>): Promise<T> {
    const { registrations } = this.metrics;
    result.then(
      () => {
        registrations.inc({ operation, outcome: 'success', result_code: '' });
      },
      (error: unknown) => {
        if (error instanceof RegistrationError) {
          registrations.inc({ operation, outcome: 'refused', result_code: error.resultCode });
        } else {
          registrations.inc({ operation, outcome: 'failed', result_code: '' });
        }
      },
    );
    return result;
  }
}
