import { createReadStream } from 'node:fs';
import { CommandError } from './command-error.ts';

/** The file name of standard input. */
export const STANDARD_INPUT = '-';

export function sourceName(file: string): string {
  return file === STANDARD_INPUT ? 'standard input' : file;
}

/** Reads a text in UTF-8. A byte order mark is preserved. Throws if the text has more than this number of bytes. */
export async function readText(file: string, mostBytes = Number.POSITIVE_INFINITY): Promise<string> {
  const bytes = await readBytes(file, mostBytes);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new CommandError(`The text in ${sourceName(file)} is not UTF-8.`, { cause: error });
  }
}

async function readBytes(file: string, mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of (file === STANDARD_INPUT
      ? process.stdin
      : createReadStream(file)) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > mostBytes) break;
      chunks.push(chunk);
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? `There is no file ${file}.` : `${sourceName(file)} cannot be read: ${message}.`;
    throw new CommandError(reason, { cause: error });
  }
  if (size > mostBytes) throw new CommandError(`${sourceName(file)} has more than ${mostBytes} bytes.`);
  return Buffer.concat(chunks);
}
