import type { FastifyInstance } from 'fastify';

/** A response that is JSON text already, with the members that hooks read. */
export class JsonText {
  constructor(
    readonly text: string,
    readonly resultCode?: string,
    readonly action?: string,
  ) {}
}

/** Sends the text of a `JsonText`; serializes everything else. */
export function sendJsonText(fastify: FastifyInstance): void {
  fastify.setReplySerializer((payload) => (payload instanceof JsonText ? payload.text : JSON.stringify(payload)));
}
