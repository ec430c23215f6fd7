import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Service } from '../services/service.ts';
import { RegistrationError } from '../http/registration-error.ts';
import { refused } from './registration-responses.ts';

/** The client application erred, the call itself was right: HTTP 200 with the action that tells what to answer it. */
@Catch(RegistrationError)
export class RegistrationErrorFilter implements ExceptionFilter<RegistrationError> {
  catch(error: RegistrationError, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const { service } = http.getRequest<FastifyRequest & { service: Service }>();
    void http.getResponse<FastifyReply>().status(200).send(refused(service, error));
  }
}
