import { AttributeDto, ClientExtensionDto, ClientReplacementDto } from '@clientele/model';
import { FIELDS } from '@clientele/model/metadata';
import { dtoSchema } from './dto-schema.ts';
import { ANY_OBJECT, EXTENSION, propertiesOf, type Schema } from './metadata-schema.ts';

/** The `Client` that an administrator sends: client metadata, and what only administrators set. */
export function clientInputSchema(): Schema {
  const { properties: administration } = dtoSchema(ClientReplacementDto, {
    attributes: AttributeDto,
    extension: ClientExtensionDto,
  }) as { properties: Schema };
  const metadata = FIELDS.flatMap(propertiesOf).filter(([name]) => !name.startsWith(EXTENSION));
  return {
    type: 'object',
    description: 'Properties that only the server sets are ignored. An omitted property gets its default.',
    properties: { ...Object.fromEntries(metadata), ...administration },
  };
}

/** A JSON Merge Patch of a `Client`: `null` removes a property. */
export function clientPatchSchema(): Schema {
  return {
    ...ANY_OBJECT,
    externalDocs: { url: 'https://www.rfc-editor.org/rfc/rfc7396.html' },
    description: 'The properties of ClientInput that change, without clientSecret. null removes a property.',
  };
}
