import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RequestGate } from './request-gate.ts';

export interface RequestEnd {
  /** The status of the response; `undefined` if there is none. */
  readonly status: number | undefined;
  /** Whether the caller has gone before the whole response was sent to it. */
  readonly aborted: boolean;
}

type EndListener = (request: FastifyRequest, reply: FastifyReply, end: RequestEnd) => void;

/**
 * Calls the listener once for each request, when it ends: the response was sent, or the caller has gone. If the server still works on
 * the request of a caller that has gone, the listener is called with the result of this work. Fastify calls onResponse for neither.
 */
export function whenRequestsEnd(fastify: FastifyInstance, gate: RequestGate, listener: EndListener): void {
  const unfinished = new WeakMap<FastifyRequest, (hasStatus: boolean) => void>();
  fastify.addHook('onRequest', (request, reply, done) => {
    // The event comes outside of the context of the request, which has its span.
    const end = AsyncLocalStorage.bind((hasStatus: boolean) => {
      const aborted = !reply.raw.writableFinished;
      listener(request, reply, { status: hasStatus ? reply.statusCode : undefined, aborted });
    });
    gate.whenEnded(request, reply, () => {
      if (gate.isInProgress(request)) unfinished.set(request, end);
      else end(reply.raw.headersSent);
    });
    done();
  });
  fastify.addHook('onSend', (request, _reply, payload, done) => {
    const end = unfinished.get(request);
    unfinished.delete(request);
    end?.(true);
    done(null, payload);
  });
}
