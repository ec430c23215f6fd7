import { Injectable } from '@nestjs/common';
import { untrustedStatement, type Finding } from '@clientele/model/decision';
import {
  readJsonObject,
  type FindingResult,
  type JsonObject,
  type ReadObject,
  type ResultName,
} from '@clientele/model/metadata';
import { compactVerify, decodeJwt } from 'jose';
import { DocumentFetchError } from '../outbound/document-fetcher.ts';
import type { Service } from '../services/service.ts';
import type { SoftwareStatementIssuerDto } from '../services/service-settings.dto.ts';
import { IssuerKeys } from './issuer-keys.ts';
import { RegistrationError } from '../http/registration-error.ts';

/** Seconds of tolerance for the clock of an issuer. */
const CLOCK_TOLERANCE = 60;

/**
 * Verifies software statements: claims about client software that a trusted issuer signed.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-2.3
 */
@Injectable()
export class SoftwareStatements {
  constructor(private readonly keys: IssuerKeys) {}

  /** The claims of a statement. Throws `RegistrationError` unless a trusted issuer signed it. */
  async verify(service: Service, statement: string): Promise<ReadObject> {
    const issuer = issuerOf(service, statement);
    const payload = await this.verifySignature(service, issuer, statement);
    const read = readJsonObject(payload);
    if ('problem' in read) throw invalid('statementPayloadUnparsable');
    checkTimes(read.members);
    checkAudience(issuer, read.members);
    return read;
  }

  private async verifySignature(
    { apiKey }: Service,
    issuer: SoftwareStatementIssuerDto,
    statement: string,
  ): Promise<string> {
    const keySet = this.keys.of(issuer, apiKey);
    try {
      const { payload } = await compactVerify(statement, keySet, {
        algorithms: issuer.algorithms,
      });
      return new TextDecoder('utf-8', { fatal: true }).decode(payload);
    } catch (error) {
      // The client is not at fault and may try again.
      if (error instanceof DocumentFetchError) {
        const result = error.outcome === 'busy' ? 'documentsBusy' : 'issuerKeysUnavailable';
        throw RegistrationError.of('server_error', result);
      }
      throw invalid('statementSignatureInvalid');
    }
  }
}

/** The finding for a statement without a trusted issuer; `undefined` if the issuer is trusted. The signature is not verified. */
export function untrusted(service: Service, statement: string): Finding | undefined {
  const found = findIssuer(service, statement);
  return 'result' in found ? untrustedStatement(found.error, found.result) : undefined;
}

interface StatementFault {
  readonly error: 'invalid_software_statement' | 'unapproved_software_statement';
  readonly result: FindingResult;
}

function issuerOf(service: Service, statement: string): SoftwareStatementIssuerDto {
  const found = findIssuer(service, statement);
  if ('result' in found) throw RegistrationError.of(found.error, found.result);
  return found;
}

/** The trusted issuer of a statement, before its signature is verified. Keys inside the statement are ignored. */
function findIssuer(
  { softwareStatementIssuers = [] }: Service,
  statement: string,
): SoftwareStatementIssuerDto | StatementFault {
  const error = 'invalid_software_statement';
  const parts = statement.split('.').length;
  if (parts === 5) return { error, result: 'statementEncrypted' };
  if (parts !== 3) return { error, result: 'statementMalformed' };
  let iss: string | undefined;
  try {
    ({ iss } = decodeJwt(statement));
  } catch {
    return { error, result: 'statementPayloadUnparsable' };
  }
  const issuer = softwareStatementIssuers.find(({ issuer }) => issuer === iss);
  return issuer ?? { error: 'unapproved_software_statement', result: 'statementIssuerUntrusted' };
}

function checkTimes({ exp, nbf, iat }: JsonObject): void {
  const now = Date.now() / 1000;
  const present = [exp, nbf, iat].filter((time) => time !== undefined);
  const wrong =
    present.some((time) => typeof time !== 'number') ||
    (exp !== undefined && (exp as number) <= now - CLOCK_TOLERANCE) ||
    (nbf !== undefined && (nbf as number) > now + CLOCK_TOLERANCE) ||
    (iat !== undefined && (iat as number) > now + CLOCK_TOLERANCE);
  if (wrong) throw invalid('statementExpired');
}

function checkAudience({ audience }: SoftwareStatementIssuerDto, { aud }: JsonObject): void {
  if (audience !== undefined && ![aud].flat().includes(audience)) throw unapproved('statementAudienceWrong');
}

function invalid(result: ResultName): RegistrationError {
  return RegistrationError.of('invalid_software_statement', result);
}

function unapproved(result: ResultName): RegistrationError {
  return RegistrationError.of('unapproved_software_statement', result);
}
