import { parseId } from '@clientele/model';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isOfProtocolPlane } from './paths.ts';
import type { RequestEnd } from './request-end.ts';
import type { Routes } from './routes.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The authenticated caller; empty if nobody was authenticated. */
    actor: string;
    /** The client in the response; 0 if the response is about no client. */
    clientId: number;
  }
}

/**
 * The fields of the log line of a request. They have no text that a caller chose, because it may be a secret: identifiers are logged
 * if they are numbers, and an unknown path only with the segments of known paths.
 */
export function fieldsOf(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, aborted }: RequestEnd,
  routes: Routes,
): Readonly<Record<string, unknown>> {
  const { method, url, routeOptions, responseCode, resultCode, responseAction, actor } = request;
  const { url: route } = routeOptions;
  const ofProtocolPlane = isOfProtocolPlane(url);
  return {
    method,
    ...(route === undefined || request.is404 ? { path: routes.knownSegmentsOf(url) } : { route }),
    ms: Math.round(reply.elapsedTime),
    ...present({
      status,
      aborted: aborted || undefined,
      address: request.callerAddress,
      serviceId: parseId((request.params as Parameters).serviceId),
      clientId: clientIdOf(request),
      actor,
      resultCode: ofProtocolPlane ? resultCode : responseCode,
      error: ofProtocolPlane ? responseCode : '',
      action: responseAction,
    }),
  };
}

interface Parameters {
  readonly serviceId?: string;
  readonly clientId?: string;
  readonly clientIdentifier?: string;
}

/** The client in the response, in the path or in the body. */
function clientIdOf({ clientId, params, body }: FastifyRequest): number | undefined {
  if (clientId !== 0) return clientId;
  const { clientId: ofPath, clientIdentifier } = params as Parameters;
  const { clientId: ofBody } = (body ?? {}) as { clientId?: unknown };
  return parseId(ofPath ?? clientIdentifier ?? ofBody);
}

/** The members with a value. */
function present(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''));
}
