import type { FastifyInstance } from 'fastify';

/** A response as JSON text, with the members that hooks read. */
export class JsonText {
  constructor(
    readonly text: string,
    readonly resultCode?: string,
    readonly action?: string,
    readonly clientId?: number,
  ) {}
}

/** Sends the text of a `JsonText`, and serializes any other response. */
export function sendJsonText(fastify: FastifyInstance): void {
  fastify.setReplySerializer((payload) => (payload instanceof JsonText ? payload.text : JSON.stringify(payload)));
}
