import { quote } from '@clientele/model/metadata';
import { clientInputSchema } from '../../openapi/client-input-schema.ts';
import { clientSchema } from '../../openapi/metadata-schema.ts';
import { YamlFile } from '../yaml-file.ts';

/** They include the properties that only the server sets, so that a file can contain a client as `get` printed it. */
const PROPERTIES: ReadonlySet<string> = new Set(
  [clientInputSchema(), clientSchema()].flatMap(({ properties }) => Object.keys(properties as object)),
);

/** Reads a client from a file. An unknown property is an error here, because the server would ignore it. */
export async function readClientFile(path: string): Promise<YamlFile> {
  const file = await YamlFile.read(path);
  for (const name of Object.keys(file.object))
    if (!PROPERTIES.has(name)) throw file.error([name], `${quote(name)} is not a property of a Client.`);
  return file;
}
