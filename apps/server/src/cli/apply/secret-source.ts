import { resolve } from 'node:path';
import type { ClientInput } from '@clientele/client';
import { CLIENT_SECRET } from '@clientele/model';
import { isJsonObject } from '@clientele/model/metadata';
import { CommandError } from '../command-error.ts';
import { readText } from '../text-file.ts';

interface Context {
  /** The folder to which a file is relative. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Returns an error that names the line of the secret. */
  readonly fail: (problem: string) => Error;
}

const MOST_BYTES = 4_096;

/** Reads a secret from the source that the declaration names. No error contains the secret. */
export async function readSecret(
  source: unknown,
  { folder, environment, fail }: Context,
): Promise<Pick<ClientInput, 'clientSecret' | 'clientSecretHash'>> {
  const [[kind, place] = [], ...others] = isJsonObject(source) ? Object.entries(source) : [];
  if (typeof place !== 'string' || place === '' || others.length > 0)
    throw fail(
      'clientSecret must not be in the file: use { env: NAME }, { file: path } or { hash: "scheme:payload" }.',
    );
  switch (kind) {
    case 'env': {
      const secret = Object.hasOwn(environment, place) ? environment[place] : undefined;
      if (secret === undefined || secret === '') throw fail(`the environment variable ${place} is not set.`);
      return { clientSecret: checked(secret, `the environment variable ${place}`, fail) };
    }
    case 'file': {
      const secret = await readText(resolve(folder, place), MOST_BYTES).catch((error: unknown) => {
        throw error instanceof CommandError ? fail(error.message) : error;
      });
      return { clientSecret: checked(secret.replace(/\r?\n$/, ''), place, fail) };
    }
    case 'hash':
      if (!/^[a-z\d_-]+:./i.test(place))
        throw fail('hash must have the form scheme:payload, for example bcrypt:$2b$12$...');
      return { clientSecretHash: place };
    default:
      throw fail('clientSecret has an unknown source: use env, file or hash.');
  }
}

function checked(secret: string, source: string, fail: (problem: string) => Error): string {
  if (!CLIENT_SECRET.test(secret)) throw fail(`the secret in ${source} must have 1 to 255 printable ASCII characters.`);
  return secret;
}
