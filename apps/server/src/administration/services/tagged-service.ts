import type { FastifyReply } from 'fastify';
import { serviceTag, type Service } from '../../services/service.ts';

/** A service as the body of a response, whose `ETag` is set. */
export function tagged(service: Service, reply: FastifyReply): Service {
  void reply.header('etag', serviceTag(service));
  return service;
}
