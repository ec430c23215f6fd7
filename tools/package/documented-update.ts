import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ClientInformation, RegistrationResponse } from '@clientele/model/metadata';
import { codeBlocks } from '../docs/code-blocks.ts';

/** Registers and updates a client with the first two commands of a page. Returns the response to the update. */
export async function documentedUpdate(
  baseUrl: string,
  serviceId: string,
  accessToken: string,
  page = 'README.md',
): Promise<RegistrationResponse> {
  const environment = { PATH: process.env.PATH!, SERVICE_ID: serviceId, ACCESS_TOKEN: accessToken };
  const paste = async (command: string, more: Readonly<Record<string, string>> = {}): Promise<RegistrationResponse> => {
    const { stdout } = await promisify(execFile)(
      'bash',
      ['--norc', '-c', command.replaceAll('http://127.0.0.1:3000', baseUrl)],
      { env: { ...environment, ...more } },
    );
    return JSON.parse(stdout) as RegistrationResponse;
  };
  const [register, update] = codeBlocks(page, 'bash');
  const created = await paste(register!);
  if (created.action !== 'CREATED') throw new Error(created.resultMessage);
  const information = JSON.parse(created.responseContent) as ClientInformation;
  return paste(update!, {
    CLIENT_ID: information.client_id,
    REGISTRATION_ACCESS_TOKEN: information.registration_access_token,
  });
}
