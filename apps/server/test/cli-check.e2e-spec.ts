import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { command, startCommand, type Environment, type Outcome } from './support/command.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** The command uses no settings. */
const NO_SETTINGS: Environment = {};

describe('clientele check', () => {
  const folder = temporaryFolder();

  const file = (content: unknown, name = 'metadata.json'): string => {
    const path = join(folder.path, name);
    writeFileSync(path, typeof content === 'string' || content instanceof Buffer ? content : JSON.stringify(content));
    return path;
  };
  const check = (metadata: unknown, ...words: string[]): Promise<Outcome> =>
    command(NO_SETTINGS, 'check', file(metadata), ...words);
  const service = (settings: object): string[] => [
    '--service',
    file({ apiKey: 986126671, number: 1, serviceName: 'Service', createdAt: 1, ...settings }, 'service.json'),
  ];

  it('prints one finding per line with refusals first, and exits with code 1 if there is a refusal', async () => {
    const { code, stdout, stderr } = await check(
      {
        redirect_uris: ['https://app.example.com/callback', 'http://app.example.com/callback'],
        client_uri: 'app.example.com\u001b[2J',
        colour: 'blue',
      },
      ...service({ supportedGrantTypes: ['IMPLICIT'], unsupportedValues: 'STRICT' }),
    );

    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['refused', 'refused', 'refused', 'ignored', 'Refused:']);
    expect(lines.at(-1)).toBe('Refused: 3 problems.');
    expect(lines[0]).toMatch(
      /^refused {2}\[A031219\] redirect_uris\[1\]: .* https:\/\/www\.rfc-editor\.org\/rfc\/\S+$/,
    );
    expect(stdout).toMatch(/^[\x20-\x7e\n]*$/);
  });

  it('exits with code 0 if nothing is refused, and lists the checks that only a server can do', async () => {
    const outcome = await check(
      {
        redirect_uris: ['https://app.example.com/callback'],
        software_id: 'my-app',
        software_statement: 'eyJhbGciOiJub25lIn0.e30.',
        sector_identifier_uri: 'https://app.example.com/sector.json',
      },
      ...service({ dcrDuplicateSoftwareIdBlocked: true, softwareStatementRequired: true }),
    );

    expect(outcome).toEqual({
      code: 0,
      stdout:
        'skipped  software_statement: was not verified, and its claims were ignored.\n' +
        'skipped  software_id: was not compared with those of other clients.\n' +
        'skipped  sector_identifier_uri: the document was not fetched.\n' +
        'Accepted.\n',
      stderr: '',
    });
  });

  it('prints the explanation of the decision as JSON with --json', async () => {
    const metadata = {
      redirect_uris: ['https://app.example.com/callback'],
      sector_identifier_uri: 'https://app.example.com/sector.json',
      billing: { plan: 2 },
      colour: 'blue',
    };
    const accepted = await check(metadata, ...service({ supportedCustomClientMetadata: ['billing'] }), '--json');

    expect(accepted).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(accepted.stdout)).toEqual({
      accepted: true,
      metadata: expect.objectContaining({ grant_types: ['authorization_code'], billing: { plan: 2 } }) as unknown,
      findings: [expect.objectContaining({ rule: 'member-unknown', severity: 'ignored', members: ['colour'] })],
      provenance: expect.objectContaining({ redirect_uris: 'requested', grant_types: 'default' }) as unknown,
      checks: [{ rule: 'sector-identifier-document', outcome: 'skipped' }],
    });

    const refused = await check('[]', '--json');
    expect(refused).toMatchObject({ code: 1, stderr: '' });
    expect(JSON.parse(refused.stdout)).toEqual({
      accepted: false,
      findings: [expect.objectContaining({ rule: 'json-syntax', error: 'invalid_client_metadata', members: [] })],
      provenance: {},
      checks: [],
    });
  });

  it('applies the rules of the protocol plane by default, and those of the API plane with --plane api', async () => {
    expect(await check({})).toMatchObject({ code: 1, stdout: expect.stringContaining('redirect_uris') as unknown });
    expect(await check({}, '--plane', 'api')).toMatchObject({ code: 0, stdout: 'Accepted.\n' });
  });

  it('reads the metadata from standard input', async () => {
    const running = startCommand(NO_SETTINGS, 'check', '-');
    running.stdin.end('\ufeff{}');
    expect(await running.outcome).toEqual({
      code: 1,
      stdout: expect.stringMatching(/^refused {2}[^\n]*byte order mark[^\n]*\nRefused: 1 problem\.\n$/) as unknown,
      stderr: '',
    });
  });

  it.each([
    [{ supportedGrantTypes: ['COOKIES'] }, /service\.json are not valid: .*supportedGrantTypes must be .*IMPLICIT/],
    [{ supportedCustomClientMetadata: ['scope'] }, /service\.json are not valid: .*'scope'/],
    [{ unsupportedValues: 'LAX' }, /unsupportedValues must be STRICT or NARROW/],
  ])('rejects the invalid service settings %j', async (settings, expected) => {
    const { code, stdout, stderr } = await check({}, ...service(settings));

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^clientele: [^\n]+\n$/);
    expect(stderr).toMatch(expected);
  });

  it('names a file that is missing, unreadable or invalid', async () => {
    const failures = [
      [['check', join(folder.path, 'none.json')], /There is no file .*none\.json/],
      [['check', folder.path], /cannot be read: EISDIR/],
      [['check', file(Buffer.from([0x22, 0xff, 0x22]), 'latin1.json')], /latin1\.json is not UTF-8/],
      [
        ['check', file({}), '--service', file('{', 'service.json')],
        /service\.json are not valid: the text is not JSON/,
      ],
      [['check', file({}), '--service', file('[]', 'list.json')], /are not valid: a JSON object is required/],
    ] as const;
    for (const [words, expected] of failures) {
      const { code, stderr } = await command(NO_SETTINGS, ...words);
      expect(stderr).toMatch(expected);
      expect(code).toBe(1);
    }
  });

  it.each([
    [['check'], /missing required argument 'file'/],
    [['check', 'metadata.json', '--plane', 'both'], /Allowed choices are protocol, api/],
    [['check', '-', '--service', '-'], /Standard input contains only one document/],
  ])('exits with code 2 for the invalid arguments %j', async (words, expected) => {
    const { code, stdout, stderr } = await command(NO_SETTINGS, ...words);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(expected);
  });

  it('prints the output that docs/decision.md shows', () => {
    const page = readFileSync(join(ROOT, 'docs/decision.md'), 'utf8');
    const [, example, expected] = /```bash\n([^]*?)```\n\n```text\n([^]*?)```/.exec(page)!;
    const env = { PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env.PATH!}` };
    expect(execFileSync('bash', ['--norc', '-c', example!], { cwd: folder.path, env, encoding: 'utf8' })).toBe(
      expected,
    );
  });
});
