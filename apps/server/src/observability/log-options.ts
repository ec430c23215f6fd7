import type { Config } from '../config/config.ts';
import { errorFields } from './error-fields.ts';
import { redactor } from './redaction.ts';
import { formatForTerminal } from './terminal-format.ts';
import { spanFields } from './tracing.ts';

/** Writes one line of JSON per entry, or a short text if standard output is a terminal and `json` is not set. Redacts secrets. */
export function logOptions({ logLevel, bootstrapAccessToken, tracing }: Config, json: boolean) {
  const redact = redactor(bootstrapAccessToken === undefined ? [] : [bootstrapAccessToken]);
  const streamWrite = process.stdout.isTTY && !json ? (line: string) => formatForTerminal(redact(line)) : redact;
  const serializers = { err: errorFields };
  return {
    level: logLevel,
    serializers,
    hooks: { streamWrite, logMethod },
    ...(tracing !== undefined && { mixin: spanFields }),
  };
}

/** Omits Fastify's lines, one for each address, about listening: `serve` logs one that says more. */
function logMethod(this: unknown, args: unknown[], method: (...args: never[]) => void): void {
  const [text] = args;
  if (typeof text !== 'string' || !text.startsWith('Server listening at ')) method.apply(this, args as never[]);
}
