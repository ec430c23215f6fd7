import { SecretEncryption } from '../crypto/secret-encryption.ts';
import { SCHEMA } from '../schema.ts';
import { TransferReader } from './transfer-file.ts';

const MEBIBYTE = 1024 * 1024;

async function* inChunks(text: string | Buffer, size: number): AsyncGenerator<Buffer> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  for (let start = 0; start < bytes.length; start += size)
    yield await Promise.resolve(bytes.subarray(start, start + size));
}

describe('TransferReader', () => {
  const HEADER = JSON.stringify({
    format: 'clientele-export',
    version: 1,
    schemaVersion: 1,
    serviceId: 7,
    exportedAt: 'ä',
    encryptionKeys: [],
  });

  /** The message of the error that ends the reading. */
  const rejection = async (text: string | Buffer, size = 65_536): Promise<string> => {
    try {
      const { reader } = await TransferReader.open(inChunks(text, size), {
        schema: SCHEMA,
        allServiceTokens: false,
        encryption: new SecretEncryption([Buffer.alloc(32)]),
      });
      for await (const record of reader.records()) expect(record).toBeDefined();
      return 'none';
    } catch (error) {
      return (error as Error).message;
    }
  };

  it('refuses a line of more than 4 MiB, and names it, before the line ends', async () => {
    expect(await rejection(`${HEADER}\n${'x'.repeat(4 * MEBIBYTE + 1)}`)).toBe(
      'Line 2: it is longer than 4194304 bytes, the limit for an export.',
    );
    expect(await rejection('x'.repeat(5 * MEBIBYTE))).toMatch(/^Line 1: it is longer/);
    expect(await rejection(`${HEADER}\n${'x'.repeat(4 * MEBIBYTE)}\n`)).toBe('Line 2: not a JSON object.');
  });

  it.each([1, 2, 3, 1_000])('reads the same lines from chunks of %d bytes', async (size) => {
    expect(await rejection(`${HEADER}\n5`, size)).toBe('Line 2: not a JSON object.');
    expect(await rejection(`${HEADER}\n`, size)).toMatch(/^The file is incomplete/);
    expect(await rejection(`${HEADER}\n{"kind":"ser`, size)).toBe('The file is incomplete: line 2 is cut off.');
    expect(await rejection(Buffer.from(`${HEADER}\n{"kind":"ä`).subarray(0, -1), size)).toMatch(/line 2 is cut off/);
    expect(await rejection('{"format":', size)).toBe('Line 1: not a JSON object.');
  });
});
