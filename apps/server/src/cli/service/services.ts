import type { ServiceResponse } from '@clientele/client';
import { Command } from 'commander';
import { confirm, expectConfirmation, type ConfirmationOptions } from '../confirm.ts';
import { callServer, callService, onServer, type ServerOptions } from '../connection.ts';
import { isoTime } from '../iso-time.ts';
import { withAction, type Result } from '../result.ts';
import { parseServiceId } from '../service-id.ts';
import { columns, jsonLines } from '../terminal.ts';
import { tagNotes } from './settings.ts';

export function listCommand(): Command {
  const command = new Command('list').description('show the services that the API access token is for');
  return withAction(command, list);
}

export function getCommand(): Command {
  const command = new Command('get').description('show the settings of a service as JSON, as update reads them');
  return withAction(onServer(command), get);
}

export function configurationCommand(): Command {
  const command = new Command('configuration').description(
    'show the metadata of the authorization server, for its discovery document',
  );
  return withAction(onServer(command), configuration);
}

/** The service has no default here, so that nobody deletes the one of the login by mistake. */
export function deleteCommand(): Command {
  const command = new Command('delete')
    .description('delete a service permanently, with everything that belongs to it')
    .argument('<serviceId>', "its ID in 'service list'", parseServiceId)
    .option('--yes', 'do not ask');
  return withAction(command, remove);
}

async function list(): Promise<Result> {
  const services: ReturnType<typeof summary>[] = [];
  await callServer(async (clientele) => {
    for await (const service of clientele.services.list()) services.push(summary(service));
  });
  return {
    document: { services },
    lines: columns(
      services.map(({ serviceId, serviceName, createdAt }) => [
        String(serviceId),
        `created ${createdAt}`,
        // The name is the last column, because its length varies.
        serviceName,
      ]),
    ),
    notes: services.length === 0 ? ['There is no service.'] : [],
  };
}

async function get(options: ServerOptions): Promise<Result> {
  const { data, response } = await callService(options, ({ services }, { serviceId }) =>
    services.get(serviceId).withResponse(),
  );
  return { document: data, lines: jsonLines(data), notes: tagNotes(response) };
}

async function configuration(options: ServerOptions): Promise<Result> {
  const document = await callService(options, ({ services }, { serviceId }) => services.configuration(serviceId));
  return { document, lines: jsonLines(document) };
}

async function remove(serviceId: number, options: ConfirmationOptions): Promise<Result> {
  expectConfirmation(options);
  await callServer(async ({ services }) => {
    if (!options.yes) {
      const { serviceName } = await services.get(serviceId);
      const question = `Delete the service ${serviceId} (${serviceName}) permanently, with all its clients, tokens, settings and its log?`;
      await confirm(question, options);
    }
    await services.delete(serviceId);
  });
  return {
    document: { deleted: serviceId },
    lines: [`The service ${serviceId} is deleted, with its clients, tokens, settings and its log.`],
  };
}

/** A service for programs. */
export function summary({ apiKey, serviceName, createdAt, modifiedAt }: ServiceResponse) {
  return { serviceId: apiKey, serviceName, createdAt: isoTime(createdAt), modifiedAt: isoTime(modifiedAt) };
}
