import type { Config } from '../config/config.ts';
import { redactor } from './redaction.ts';
import { formatForTerminal } from './terminal-format.ts';
import { spanFields } from './tracing.ts';

/** Writes one line of JSON per entry, or a short text if standard output is a terminal and `json` is not set. Redacts secrets. */
export function logOptions({ logLevel, bootstrapAccessToken, tracing }: Config, json: boolean) {
  const redact = redactor(bootstrapAccessToken === undefined ? [] : [bootstrapAccessToken]);
  const streamWrite = process.stdout.isTTY && !json ? (line: string) => formatForTerminal(redact(line)) : redact;
  return { level: logLevel, hooks: { streamWrite }, ...(tracing !== undefined && { mixin: spanFields }) };
}
