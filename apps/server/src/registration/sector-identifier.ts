import { Injectable } from '@nestjs/common';
import type { ClientMetadata } from '@clientele/model/metadata';
import { DocumentFetcher, DocumentFetchError } from '../outbound/document-fetcher.ts';
import { invalidMetadata } from './registration-error.ts';
import { sectorMembers } from './rules/subject-types.ts';

/**
 * The document at `sector_identifier_uri` MUST be a JSON array that contains every redirect URI, and for backchannel
 * authentication what stands for one (CIBA section 4); it is looked at when the client is registered or updated, and not again.
 *
 * @see https://openid.net/specs/openid-connect-registration-1_0.html#SectorIdentifierValidation
 */
@Injectable()
export class SectorIdentifier {
  constructor(private readonly documents: DocumentFetcher) {}

  async check(metadata: ClientMetadata): Promise<void> {
    const { sector_identifier_uri: uri } = metadata;
    if (uri === undefined) return;
    const document = await this.fetch(uri);
    if (!Array.isArray(document)) throw invalidMetadata('sectorDocumentUnusable');
    const listed = new Set<unknown>(document);
    const [member] = sectorMembers(metadata).find(([, uris]) => !uris.every((uri) => listed.has(uri))) ?? [];
    if (member !== undefined) throw invalidMetadata('sectorDocumentIncomplete', { member });
  }

  /** Why a document cannot be had is nothing that a client may learn: it could explore a network by it. */
  private async fetch(uri: string): Promise<unknown> {
    try {
      return await this.documents.fetchJson(uri);
    } catch (error) {
      if (error instanceof DocumentFetchError) throw invalidMetadata('sectorDocumentUnusable');
      throw error;
    }
  }
}
