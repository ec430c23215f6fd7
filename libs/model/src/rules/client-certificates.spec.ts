import { rule } from '../../test/rule.ts';

const method = { token_endpoint_auth_method: 'tls_client_auth' };

const NO_NAMES = [
  'client',
  'CN',
  '=client',
  'CN=client,',
  'CN=client;O=Example',
  'CN=a"b',
  'CN=client\\',
  'CN=client\\x',
  '2.=client',
  `${'CN=a,'.repeat(300)}!`,
];

describe('the rules of client certificates', () => {
  rule('certificate-subject', 'a client has at most one expected subject, and exactly one with tls_client_auth', {
    accepts: [
      { ...method, tls_client_auth_subject_dn: 'CN=client,O=Example' },
      { ...method, tls_client_auth_san_dns: 'client.example.org' },
      { ...method, tls_client_auth_san_uri: 'spiffe://example.org/client' },
      { ...method, tls_client_auth_san_ip: '203.0.113.7' },
      { ...method, tls_client_auth_san_email: 'client@example.org' },
      { tls_client_auth_san_dns: 'client.example.org' },
    ],
    refuses: [
      ...[method, { ...method, tls_client_auth_san_dns: '' }].map((metadata) => ({
        metadata,
        members: ['tls_client_auth_subject_dn', 'token_endpoint_auth_method'],
        result: 'certificateSubjectMissing' as const,
        words: "'tls_client_auth' needs one of the tls_client_auth_* members",
      })),
      {
        metadata: { ...method, tls_client_auth_san_dns: 'a', tls_client_auth_san_email: 'b' },
        members: ['tls_client_auth_san_dns', 'tls_client_auth_san_email'],
        result: 'certificateSubjectsConflict',
        words: 'At most one of the tls_client_auth_* members',
      },
      {
        metadata: { tls_client_auth_subject_dn: 'CN=a', tls_client_auth_san_ip: '203.0.113.7' },
        members: ['tls_client_auth_subject_dn', 'tls_client_auth_san_ip'],
        result: 'certificateSubjectsConflict',
        words: 'At most one of the tls_client_auth_* members',
      },
    ],
  });

  rule('certificate-distinguished-name', 'the expected subject is a distinguished name in the form of RFC 4514', {
    accepts: [
      'CN=client,O=Example',
      'CN=client, OU=A+OU=B, 2.5.4.5=, street=\\C3\\BC\\, 1 = 2',
      'CN=rp.example.net,O=Example\\, Ltd,C=CH',
    ].map((tls_client_auth_subject_dn) => ({ ...method, tls_client_auth_subject_dn })),
    refuses: NO_NAMES.map((tls_client_auth_subject_dn) => ({
      metadata: { ...method, tls_client_auth_subject_dn },
      members: ['tls_client_auth_subject_dn'],
      result: 'distinguishedNameInvalid' as const,
      words: 'is not a distinguished name; use the form of RFC 4514',
    })),
  });

  rule('certificate-address', 'the expected IP address is one IPv4 or IPv6 address', {
    accepts: ['203.0.113.7', '2001:db8::7', '::ffff:203.0.113.7'].map((tls_client_auth_san_ip) => ({
      ...method,
      tls_client_auth_san_ip,
    })),
    refuses: ['client.example.org', '203.0.113.0/24', 'fe80::1%eth0', '203.0.113.7, 203.0.113.8', '[::1]'].map(
      (tls_client_auth_san_ip) => ({
        metadata: { ...method, tls_client_auth_san_ip },
        members: ['tls_client_auth_san_ip'],
        result: 'valueInvalid' as const,
        words: `"${tls_client_auth_san_ip}" is not an IP address`,
      }),
    ),
  });
});
