import type { Config } from '../config/config.ts';
import { redactor } from './redaction.ts';
import { formatForTerminal } from './terminal-format.ts';
import type { Tracing } from './tracing.ts';

/** One line of JSON each for programs, a short text for people at a terminal; never a secret. */
export function logOptions(
  { logLevel, bootstrapAccessToken }: Pick<Config, 'logLevel' | 'bootstrapAccessToken'>,
  { logFields }: Pick<Tracing, 'logFields'>,
) {
  const redact = redactor(bootstrapAccessToken === undefined ? [] : [bootstrapAccessToken]);
  const streamWrite = process.stdout.isTTY ? (line: string) => formatForTerminal(redact(line)) : redact;
  return { level: logLevel, hooks: { streamWrite }, ...(logFields !== undefined && { mixin: logFields }) };
}
