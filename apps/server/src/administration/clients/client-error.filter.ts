import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { ACTION_OF_ERROR, FIELDS, resultOf } from '@clientele/model/metadata';
import type { FastifyReply } from 'fastify';
import { PreconditionFailedError } from '../../clients/precondition.ts';
import { RETRY_AFTER } from '../../http/limits.ts';
import { RegistrationError } from '../../http/registration-error.ts';

const PROPERTIES: ReadonlyMap<string, string> = new Map(FIELDS.map(([name, { property }]) => [name, property]));

/**
 * Responds to an administrator whose metadata was refused, whose precondition failed, or whose metadata the server cannot check now. The
 * findings name members of client metadata; the message names the property of Authlete's `Client`.
 */
@Catch(RegistrationError, PreconditionFailedError)
export class ClientErrorFilter implements ExceptionFilter {
  catch(error: RegistrationError | PreconditionFailedError, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (error instanceof PreconditionFailedError) {
      void reply.status(412).send(resultOf('preconditionFailed', { details: error.message }));
      return;
    }
    const { code, resultCode, message, findings } = error;
    if (ACTION_OF_ERROR[code] === 'INTERNAL_SERVER_ERROR') {
      void reply.status(503).header('retry-after', RETRY_AFTER).send({ resultCode, resultMessage: message });
      return;
    }
    void reply
      .status(400)
      .send({ resultCode, resultMessage: withProperty(message, findings[0]?.members[0]), findings });
  }
}

/** The message with the property instead of the member at its beginning. */
function withProperty(message: string, member = ''): string {
  const [name = ''] = member.split(/[#[.]/, 1);
  const property = PROPERTIES.get(name);
  return property === undefined
    ? message
    : message.replace(`] ${member}:`, `] ${property}${member.slice(name.length)}:`);
}
