import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RegistrationError } from '../http/registration-error.ts';
import type { Service } from '../services/service.ts';
import { refused } from './registration-responses.ts';

/** The client application erred, but the call was right: responds with HTTP 200 and the action. */
@Catch(RegistrationError)
export class RegistrationErrorFilter implements ExceptionFilter<RegistrationError> {
  catch(error: RegistrationError, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest & { service: Service }>();
    request.refusalCode = error.resultCode;
    void http.getResponse<FastifyReply>().status(200).send(refused(request.service, error));
  }
}
