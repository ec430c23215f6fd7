import { judgeSectorDocument, softwareIdTaken, type SectorDocumentCheck } from './checks.ts';
import { decide } from './decide.ts';
import { explanationOf } from './explanation.ts';
import { readRequest } from './read-request.ts';

const SECTOR = 'https://client.example.com/sector.json';

function decisionOn(members: object) {
  return decide(
    readRequest(JSON.stringify({ redirect_uris: ['https://client.example.com/callback'], ...members })),
    { supportedCustomClientMetadata: ['billing'], dcrDuplicateSoftwareIdBlocked: true },
    { operation: 'register', plane: 'protocol' },
  );
}

describe('the explanation of a decision', () => {
  it('has the metadata with defaults and custom members, and the source of each value', () => {
    const explanation = explanationOf(decisionOn({ client_name: 'My Client', billing: { plan: 2 } }));
    expect(explanation).toMatchObject({
      accepted: true,
      metadata: { client_name: 'My Client', grant_types: ['authorization_code'], billing: { plan: 2 } },
      findings: [],
      provenance: { client_name: 'requested', grant_types: 'default' },
      checks: [],
    });
  });

  it('has no metadata after a refusal', () => {
    const explanation = explanationOf(decisionOn({ client_uri: 'none' }));
    expect(explanation).not.toHaveProperty('metadata');
    expect(explanation).toMatchObject({
      accepted: false,
      findings: [{ severity: 'refused', members: ['client_uri'] }],
    });
  });

  it('reports a check as skipped unless its outcome is given', () => {
    const decision = decisionOn({ software_id: 'app', sector_identifier_uri: SECTOR });
    const { accepted, checks } = explanationOf(decision, [
      { rule: 'software-statement', outcome: 'skipped' },
      { rule: 'software-id-unique', outcome: 'passed' },
    ]);
    expect(accepted).toBe(true);
    expect(checks).toEqual([
      { rule: 'software-statement', outcome: 'skipped' },
      { rule: 'software-id-unique', outcome: 'passed' },
      { rule: 'sector-identifier-document', outcome: 'skipped' },
    ]);
  });

  it('is refused by the findings of failed checks', () => {
    const decision = decisionOn({ software_id: 'app', sector_identifier_uri: SECTOR });
    const question = decision.checks.find((check): check is SectorDocumentCheck => 'listed' in check);
    const unusable = question && judgeSectorDocument(question, undefined);
    const explanation = explanationOf(decision, [
      { rule: 'software-id-unique', outcome: 'failed', finding: softwareIdTaken() },
      { rule: 'sector-identifier-document', outcome: 'failed', finding: unusable! },
    ]);
    expect(explanation).toMatchObject({
      accepted: false,
      findings: [{ rule: 'software-id-unique' }, { rule: 'sector-identifier-document' }],
      checks: [
        { rule: 'software-id-unique', outcome: 'failed' },
        { rule: 'sector-identifier-document', outcome: 'failed' },
      ],
    });
    expect(explanation).not.toHaveProperty('metadata');
  });
});
