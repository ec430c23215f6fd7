import { readPatch } from './settings.ts';

describe('readPatch', () => {
  it.each(['{"serviceName":"A"}', ' {"supportedGrantTypes":null, "clientsPerDeveloper":0, "apiKey":null}\n'])(
    'reads %s',
    async (text) => {
      expect(await readPatch(text)).toEqual(JSON.parse(text));
    },
  );

  it.each([
    ['{serviceName:A}', 'the patch is not JSON: Expected property name'],
    ['{"serviceName":A}', 'the patch is not JSON: Unexpected token'],
    ['{"supportedGrantTypez":null}', 'the patch, line 1: "supportedGrantTypez" is unknown; did you mean supported'],
    ['{"clientIdMetadata":false}', '"clientIdMetadata" is unknown; docs/services.md lists the settings'],
    ['{"serviceName":"A","serviceName":"B"}', 'the patch, line 1: Map keys must be unique'],
    ['{"resolveMaxAge":1e999}', 'the patch, line 1: JSON cannot express the number exactly'],
  ])('refuses %s', async (text, expected) => {
    await expect(readPatch(text)).rejects.toThrow(expected);
  });
});
