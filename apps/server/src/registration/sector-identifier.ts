import { Injectable } from '@nestjs/common';
import { judgeSectorDocument, type Finding, type SectorDocumentCheck } from '@clientele/model/decision';
import { DocumentFetcher, DocumentFetchError } from '../outbound/document-fetcher.ts';

/**
 * The document at `sector_identifier_uri` MUST be a JSON array that contains every redirect URI, and for backchannel
 * authentication what stands for one (CIBA section 4). It is fetched when the client is registered or updated, and not again.
 *
 * @see https://openid.net/specs/openid-connect-registration-1_0.html#SectorIdentifierValidation
 */
@Injectable()
export class SectorIdentifier {
  constructor(private readonly documents: DocumentFetcher) {}

  /** The problem of the document; `undefined` if there is none. */
  async check(check: SectorDocumentCheck): Promise<Finding | undefined> {
    return judgeSectorDocument(check, await this.fetch(check.uri));
  }

  /** The error does not reveal why a fetch failed: a client could explore a network by it. */
  private async fetch(uri: string): Promise<unknown> {
    try {
      return await this.documents.fetchJson(uri);
    } catch (error) {
      if (error instanceof DocumentFetchError) return undefined;
      throw error;
    }
  }
}
