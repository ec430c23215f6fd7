import fc from 'fast-check';
import { orderedMetadata, readDocument, writeDocument } from './registered-document.ts';

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

  it('can have one order for all orders of its members', () => {
    const one = { client_name: 'A', 'client_name#ja': 'B', 'client_name#de': 'C', client_uri: 'https://a.example' };
    const other = Object.fromEntries(Object.entries(one).reverse());

    expect(JSON.stringify(orderedMetadata(other))).toBe(JSON.stringify(orderedMetadata(one)));
    expect(orderedMetadata(other)).toEqual(one);
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
