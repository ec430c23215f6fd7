import { Injectable } from '@nestjs/common';
import { judgeSectorDocument, type Finding, type SectorDocumentCheck } from '@clientele/model/decision';
import { RegistrationError } from '../http/registration-error.ts';
import { DocumentFetcher, DocumentFetchError } from '../outbound/document-fetcher.ts';

/**
 * Checks the document at `sector_identifier_uri`, which MUST be a JSON array that contains every redirect URI, or for backchannel
 * authentication the URI in its place (CIBA section 4). The document is fetched when the client is registered or updated.
 *
 * @see https://openid.net/specs/openid-connect-registration-1_0.html#SectorIdentifierValidation
 */
@Injectable()
export class SectorIdentifierDocuments {
  constructor(private readonly documents: DocumentFetcher) {}

  /**
   * The finding for a document that is wrong, for a client of a service; `undefined` if the document is right. Throws `RegistrationError`
   * if too many documents are being fetched.
   */
  async check(check: SectorDocumentCheck, serviceId: number): Promise<Finding | undefined> {
    return judgeSectorDocument(check, await this.fetch(check.uri, serviceId));
  }

  /** Does not reveal why a fetch failed, because a client could explore a network by the reasons. */
  private async fetch(uri: string, serviceId: number): Promise<unknown> {
    try {
      return await this.documents.fetchJson(uri, serviceId);
    } catch (error) {
      if (!(error instanceof DocumentFetchError)) throw error;
      if (error.outcome === 'busy') throw RegistrationError.of('server_error', 'documentsBusy');
      return undefined;
    }
  }
}
