import type { ResponseHead, ServiceResponse } from '@clientele/client';
import type { JsonObject } from '@clientele/model/metadata';
import { Command } from 'commander';
import { callService, onServer, type ServerOptions } from '../connection.ts';
import { withAction, type Result } from '../result.ts';
import { YamlFile } from '../yaml-file.ts';

interface ChangeOptions extends ServerOptions {
  readonly ifMatch?: string;
}

export function updateCommand(): Command {
  const command = new Command('update')
    .description('replace all settings of a service; an omitted one gets its default')
    .argument('<file>', 'the settings as JSON or YAML (- is standard input)');
  return withAction(withCondition(command), update);
}

export function patchCommand(): Command {
  const command = new Command('patch').description('change only the named settings of a service');
  return withAction(withCondition(withPatch(command)), patch);
}

/** Adds the argument that `readPatch` reads. */
export function withPatch(command: Command): Command {
  return command.argument(
    '<patch>',
    'a JSON object, or a file with it (- is standard input); null resets a setting to its default',
  );
}

/** Reads a JSON Merge Patch: an object, or a file with it. */
export async function readPatch(text: string): Promise<JsonObject> {
  const file = text.trimStart().startsWith('{') ? YamlFile.parse(text, 'the patch') : await YamlFile.read(text);
  return file.object;
}

function withCondition(command: Command): Command {
  return onServer(command).option(
    '--if-match <etag>',
    "only if the service still has this ETag of 'service get'",
    parseTag,
  );
}

/** A shell removes quotation marks, so a tag needs none. */
function parseTag(text: string): string {
  return /^(\*|(W\/)?".*")$/.test(text) ? text : `"${text}"`;
}

async function update(path: string, options: ChangeOptions): Promise<Result> {
  const settings = (await YamlFile.read(path)).object;
  return changed(
    await callService(options, ({ services }, { serviceId }) =>
      services.update(serviceId, settings, conditionOf(options)).withResponse(),
    ),
  );
}

async function patch(text: string, options: ChangeOptions): Promise<Result> {
  const settings = await readPatch(text);
  return changed(
    await callService(options, ({ services }, { serviceId }) =>
      services.patch(serviceId, settings, conditionOf(options)).withResponse(),
    ),
  );
}

function conditionOf({ ifMatch }: ChangeOptions) {
  return ifMatch === undefined ? {} : { ifMatch };
}

function changed({ data, response }: { readonly data: ServiceResponse; readonly response: ResponseHead }): Result {
  return { document: data, lines: [`The service ${data.apiKey} is up to date.`], notes: tagNotes(response) };
}

/** The version of the settings, for `--if-match`. */
export function tagNotes({ headers }: ResponseHead): string[] {
  const tag = headers.get('etag');
  return tag === null ? [] : [`ETag: ${tag}`];
}
