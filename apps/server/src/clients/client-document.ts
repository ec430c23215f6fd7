import {
  orderedMetadata,
  readDocument,
  writeDocument,
  type ClientMetadata,
  type RegisteredDocument,
} from '@clientele/model/metadata';

/**
 * The metadata part of a client: the document of RFC 7591 section 2 with its defaults. Responses embed its text. The text is
 * composed or parsed at most once.
 */
export class ClientDocument {
  private constructor(
    /** One JSON object without whitespace. */
    readonly text: string,
    private parts: RegisteredDocument | undefined,
  ) {}

  static of(requested: RegisteredDocument): ClientDocument {
    const parts = { ...requested, metadata: orderedMetadata(requested.metadata) };
    return new ClientDocument(writeDocument(parts), parts);
  }

  /** The document in a text of the store. */
  static stored(text: string): ClientDocument {
    return new ClientDocument(text, undefined);
  }

  /** The members that the table of client metadata defines. */
  get metadata(): ClientMetadata {
    return this.read().metadata;
  }

  /** The custom members of the service, as the JSON text of an object; `{}` if there are none. */
  get custom(): string {
    return this.read().custom;
  }

  get softwareStatement(): string | undefined {
    return this.read().softwareStatement;
  }

  private read(): RegisteredDocument {
    return (this.parts ??= readDocument(this.text));
  }
}
