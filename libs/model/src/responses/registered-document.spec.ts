import fc from 'fast-check';
import { readDocument, writeDocument } from './registered-document.ts';

describe('a registered document', () => {
  it('is read as it was written', () => {
    const anyDocument = fc.record({
      metadata: fc.record({ client_name: fc.string(), 'client_name#ja': fc.string() }, { requiredKeys: [] }),
      custom: fc.dictionary(
        fc.string().map((name) => `x${name.replaceAll('#', '')}`),
        fc.jsonValue(),
      ),
      softwareStatement: fc.option(fc.string(), { nil: undefined }),
    });
    fc.assert(
      fc.property(anyDocument, ({ custom, ...parts }) => {
        const document = { ...parts, custom: JSON.stringify(custom) };
        expect(readDocument(writeDocument(document))).toEqual(document);
      }),
    );
  });

  it('returns a number beyond double precision exactly', () => {
    const document = { metadata: { client_name: 'A' }, custom: '{"big":12345678901234567890.5,"small":1}' };

    expect(writeDocument(document)).toBe('{"client_name":"A","big":12345678901234567890.5,"small":1}');
    expect(readDocument(writeDocument(document))).toEqual({ ...document, softwareStatement: undefined });
  });

  it('may be empty', () => {
    expect(writeDocument({ metadata: {}, custom: '{}' })).toBe('{}');
    expect(writeDocument({ metadata: {}, custom: '{"a":1}' })).toBe('{"a":1}');
    expect(readDocument('{}')).toEqual({ metadata: {}, custom: '{}', softwareStatement: undefined });
  });
});
