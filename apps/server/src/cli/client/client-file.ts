import { quote } from '@clientele/model/metadata';
import { ABSENT_PROPERTIES } from '../../clients/authlete-client.ts';
import { clientInputSchema } from '../../openapi/client-input-schema.ts';
import { clientSchema } from '../../openapi/metadata-schema.ts';
import { YamlFile } from '../yaml-file.ts';

/** Including the properties that only the server sets, so that a file can have a client as it was printed. */
const PROPERTIES: ReadonlySet<string> = new Set([
  ...[clientInputSchema(), clientSchema()].flatMap(({ properties }) => Object.keys(properties as object)),
  ...Object.keys(ABSENT_PROPERTIES),
  ...['number', 'serviceNumber', 'clientSource', 'locked', 'initialAccessTokenId', 'softwareStatement'],
]);

/** Reads a client from a file. An unknown property is an error here, because the server would ignore it. */
export async function readClientFile(path: string): Promise<YamlFile> {
  const file = await YamlFile.read(path);
  for (const name of Object.keys(file.object))
    if (!PROPERTIES.has(name)) throw file.error([name], `${quote(name)} is no property of a Client.`);
  return file;
}
