import { isDeepStrictEqual } from 'node:util';
import type { ResponseHead, ServiceResponse } from '@clientele/client';
import type { JsonObject } from '@clientele/model/metadata';
import { Command } from 'commander';
import { unknownSettingIn } from '../../services/settings-in.ts';
import { CommandError } from '../command-error.ts';
import { callService, onServer, type ServerOptions } from '../connection.ts';
import { withAction, type Result } from '../result.ts';
import { printable } from '../terminal.ts';
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
    'a JSON object, or a JSON or YAML file with it (- is standard input); null resets a setting to its default',
  );
}

/** Reads a JSON Merge Patch: an object, or a file with it. */
export async function readPatch(text: string): Promise<JsonObject> {
  return settingsOf(text.trimStart().startsWith('{') ? parseArgument(text) : await YamlFile.read(text));
}

/** An argument is JSON, because YAML reads the likely mistake `{a:b}` as an object with the member `a:b`, which is null. */
function parseArgument(text: string): YamlFile {
  try {
    JSON.parse(text);
  } catch (error) {
    const reason = printable((error as SyntaxError).message);
    throw new CommandError(`the patch is not JSON: ${reason}. Write it as '{"serviceName":"My Service"}'.`, {
      cause: error,
    });
  }
  return YamlFile.parse(text, 'the patch');
}

/** The settings in a file. Throws if the name of one is unknown: the server ignores an unknown name without a value. */
function settingsOf(file: YamlFile): JsonObject {
  const unknown = unknownSettingIn(file.object);
  if (unknown !== undefined) throw file.error([unknown.name], unknown.problem);
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
  const settings = settingsOf(await YamlFile.read(path));
  return changed(
    await callService(options, async ({ services }, { serviceId }) => ({
      before: await services.get(serviceId),
      ...(await services.update(serviceId, settings, conditionOf(options)).withResponse()),
    })),
  );
}

async function patch(text: string, options: ChangeOptions): Promise<Result> {
  const settings = await readPatch(text);
  return changed(
    await callService(options, async ({ services }, { serviceId }) => ({
      before: await services.get(serviceId),
      ...(await services.patch(serviceId, settings, conditionOf(options)).withResponse()),
    })),
  );
}

function conditionOf({ ifMatch }: ChangeOptions) {
  return ifMatch === undefined ? {} : { ifMatch };
}

interface Change {
  readonly before: ServiceResponse;
  readonly data: ServiceResponse;
  readonly response: ResponseHead;
}

function changed({ before, data, response }: Change): Result {
  const effect = isDeepStrictEqual(before, data) ? 'is unchanged' : 'is changed';
  return { document: data, lines: [`The service ${data.apiKey} ${effect}.`], notes: tagNotes(response) };
}

/** The version of the settings, for `--if-match`. */
export function tagNotes({ headers }: ResponseHead): string[] {
  const tag = headers.get('etag');
  return tag === null ? [] : [`ETag: ${tag}`];
}
