import { quote } from '../text/quote.ts';
import { schemeProblem } from '../uris/schemes.ts';
import { RFC8252_LOCALHOST, RFC8252_PRIVATE_USE_SCHEMES, RFC9700_GRANT_TYPES } from '../wire/specs.ts';
import type { Rule } from './rule.ts';

/** Rules about values that are accepted, although another value is recommended. */
export const ADVICE: readonly Rule[] = [
  {
    /** Loopback redirect URIs use an address instead of the name localhost. */
    id: 'advice-localhost',
    specification: RFC8252_LOCALHOST,
    reads: ['redirect_uris'],
    check: ({ redirects }) => {
      const found = redirects.find(({ uri: { scheme, host } }) => scheme === 'http' && host?.name === 'localhost');
      if (found === undefined) return undefined;
      const detail = `${quote(found.text)} uses the name localhost, which may lead to another address; 127.0.0.1 or [::1] is recommended.`;
      return { result: 'advice', members: [found.at], detail };
    },
  },
  {
    /** A private-use scheme is a domain name in reverse. */
    id: 'advice-scheme-without-domain',
    specification: RFC8252_PRIVATE_USE_SCHEMES,
    reads: ['redirect_uris'],
    check: ({ redirects }) => {
      const found = redirects.find(
        ({ uri: { scheme } }) => !scheme.includes('.') && schemeProblem(scheme) === undefined,
      );
      if (found === undefined) return undefined;
      const detail = `${quote(found.text)} has a scheme that another application may claim; a domain name in reverse, such as com.example.app, is recommended.`;
      return { result: 'advice', members: [found.at], detail };
    },
  },
  {
    /** Clients use the authorization code instead of the implicit and the password grant. */
    id: 'advice-grant-types',
    specification: RFC9700_GRANT_TYPES,
    reads: ['grant_types'],
    check: ({ metadata: { grant_types = [] } }) => {
      const at = grant_types.findIndex((grant) => grant === 'implicit' || grant === 'password');
      if (at === -1) return undefined;
      const detail = `"${grant_types[at] ?? ''}" exposes tokens or passwords; authorization_code with PKCE is recommended.`;
      return { result: 'advice', members: [`grant_types[${at}]`], detail };
    },
  },
];
