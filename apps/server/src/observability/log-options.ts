import type { Config } from '../config/config.ts';
import { redactor } from './redaction.ts';
import { formatForTerminal } from './terminal-format.ts';
import { spanFields } from './tracing.ts';

/** Writes one line of JSON each for programs, or a short text for people at a terminal. Redacts secrets. */
export function logOptions({ logLevel, bootstrapAccessToken, tracing }: Config) {
  const redact = redactor(bootstrapAccessToken === undefined ? [] : [bootstrapAccessToken]);
  const streamWrite = process.stdout.isTTY ? (line: string) => formatForTerminal(redact(line)) : redact;
  return { level: logLevel, hooks: { streamWrite }, ...(tracing !== undefined && { mixin: spanFields }) };
}
