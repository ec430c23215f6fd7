/**
 * Schemes that belong to no application, in classes. A redirect to such a scheme reaches another program than the client.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8252.html#section-7.1
 */
export const SCHEME_CLASSES = {
  /** The text after the colon is a program. */
  script: {
    problem: 'is run as a script by browsers',
    schemes: 'javascript jscript livescript mocha vbscript',
  },
  local: {
    problem: 'makes a browser or an operating system run code, or read what is local to it',
    schemes: `
      about blob content data file filesystem hcp intent jar mhtml mk res shell view-source wyciwyg
      chrome devtools isolated-app brave edge opera vivaldi resource extension
      its ms-browser-extension ms-its ms-itss ms-appx ms-appdata applewebdata applescript jnlp jnlps`,
  },
  /** @see https://www.iana.org/assignments/uri-schemes/uri-schemes.xhtml (permanent) */
  registered: {
    problem: "names a protocol or a kind of resource in IANA's permanent registry, so no application owns it",
    schemes: `
      aaa aaas acap acct cap cid coap coap+tcp coap+ws coaps coaps+tcp coaps+ws crid dav dict dns dtn example ftp geo go gopher
      h323 http https iax icap im imap info ipn ipp ipps iris iris.beep iris.lwz iris.xpc iris.xpcs jabber ldap leaptofrogans
      mailto mid msrp msrps mt mtqp mupdate news nfs ni nih nntp opaquelocktoken pkcs11 pop pres reload rtsp rtsps rtspu
      service session shttp sieve sip sips sms snmp soap.beep soap.beeps stun stuns tag tel telnet tftp thismessage tip tn3270
      turn turns tv urn vemmi vnc ws wss xcon xcon-userid xmlrpc.beep xmlrpc.beeps xmpp z39.50 z39.50r z39.50s`,
  },
  shared: {
    problem: 'names a protocol or a kind of resource that many programs handle, so no application owns it',
    schemes: `
      afp afs bzr cifs cvs davs dns+https ftpes ftps git hdfs hg imaps irc irc6 ircs ldapi ldaps nfs4 pop3 pops rdp rlogin
      rsync rtmp rtmpe rtmps rtmpt rtp s3 scp sftp sieves smb smtp smtps snews socks socks4 socks5 srt ssh svn tcp udp unix
      webdav webdavs bitcoin did doi ed2k ethereum fido finger ipfs ipns magnet matrix mms mmsh
      mmst mmsu otpauth payto spiffe upi wifi
      feed feeds pcast podcast webcal webcals
      amqp amqps jdbc kafka mongodb mongodb+srv mqtt mqtts mysql nats odbc postgres postgresql redis rediss
      bitcoincash dogecoin litecoin lpa monero otpauth-migration secret-token spdy wais`,
  },
  handler: {
    problem: 'opens another program of the operating system',
    schemes: `
      addressbook android-app app-prefs app-settings appinstaller apt bingmaps callto facetime facetime-audio facetime-group fax
      firefox firefoxurl googlechrome googlechromes help icloud itms itmss ldap-search macappstore macappstores maps market
      microsoft-edge microsoft-edge-holographic mmsto modem prefs search search-ms shortcuts smsto
      windowsdefender wtai x-help x-man-page x-radar x-web-search`,
  },
} as const satisfies Record<string, { problem: string; schemes: string }>;

type SchemeClass = keyof typeof SCHEME_CLASSES;

/** Prefixes of families that get new schemes from time to time. */
const PREFIXES: readonly (readonly [prefix: string, schemeClass: SchemeClass])[] = [
  ['git+', 'shared'],
  ['hg+', 'shared'],
  ['svn+', 'shared'],
  ['ms-', 'handler'],
  ['microsoft.', 'handler'],
  ['itms-', 'handler'],
  ['chrome-', 'local'],
  ['moz-', 'local'],
  ['safari-', 'local'],
  ['webkit-', 'local'],
  ['x-apple', 'handler'],
  ['x-safari-', 'handler'],
  ['vnd.sun.star.', 'local'],
];

/** Windows delivers these URIs only to the application package that the URI names. */
const OWNED_BY_APPLICATIONS: ReadonlySet<string> = new Set(['ms-app', 'ms-appx-web']);

const CLASS_OF: ReadonlyMap<string, SchemeClass> = new Map(
  (Object.keys(SCHEME_CLASSES) as SchemeClass[]).flatMap((schemeClass) =>
    SCHEME_CLASSES[schemeClass].schemes
      .trim()
      .split(/\s+/)
      .map((scheme) => [scheme, schemeClass] as const),
  ),
);

const LONGEST_SCHEME = 64;

const NOT_IN_A_SCHEME = /[^a-z0-9+.-]/;

/**
 * The texts after a blank that still belong to a URI: browsers skip the blank before a media type, and Android before an intent.
 * Every other text with a blank after the colon is a sentence, such as "Data: none".
 */
const AFTER_A_BLANK: ReadonlyMap<string, RegExp> = new Map([
  ['data', /^ *[\w.+-]+\//],
  ['intent', /#intent;/i],
]);

/**
 * The reason why a scheme is not a private-use scheme, as the rest of a sentence after the scheme ("names a protocol ...");
 * undefined if it is one. http and https are not.
 */
export function schemeProblem(scheme: string): string | undefined {
  const schemeClass = classOf(scheme.toLowerCase());
  return schemeClass && SCHEME_CLASSES[schemeClass].problem;
}

/** Whether browsers or operating systems execute URIs of this scheme, or read local data with them. */
export function isExecutable(scheme: string): boolean {
  const schemeClass = classOf(scheme.toLowerCase());
  return schemeClass === 'script' || schemeClass === 'local';
}

/**
 * Whether a browser reads a text as a URI with an executable scheme. Like browsers, it skips blanks and control characters before
 * the scheme, and ignores tabs, line breaks and case inside the scheme.
 *
 * @see https://url.spec.whatwg.org/#concept-basic-url-parser
 */
export function isExecutableText(text: string): boolean {
  let scheme = '';
  for (let index = startOfText(text); index < text.length; index++) {
    const character = text.charAt(index).toLowerCase();
    if (character < ' ') continue;
    if (character === ':') return isExecutable(scheme) && isMoreThanText(scheme, text, index + 1);
    if (scheme.length === LONGEST_SCHEME || NOT_IN_A_SCHEME.test(character)) return false;
    scheme += character;
  }
  return false;
}

function classOf(scheme: string): SchemeClass | undefined {
  const exact = CLASS_OF.get(scheme);
  if (exact !== undefined || OWNED_BY_APPLICATIONS.has(scheme)) return exact;
  return PREFIXES.find(([prefix]) => scheme.startsWith(prefix))?.[1];
}

function startOfText(text: string): number {
  let start = 0;
  while (start < text.length && isSkipped(text.charCodeAt(start))) start++;
  return start;
}

/** C0 and C1 controls, blanks, and the characters that `trim()` removes before a browser gets the text. */
function isSkipped(code: number): boolean {
  if (code <= 0x20) return true;
  return code >= 0x7f && (code <= 0xa0 || String.fromCharCode(code).trim() === '');
}

function isMoreThanText(scheme: string, text: string, start: number): boolean {
  if (classOf(scheme) === 'script') return true;
  let first = start;
  while (first < text.length && text.charAt(first) < ' ') first++;
  if (first === text.length) return false;
  if (text.charAt(first) !== ' ') return true;
  const expected = AFTER_A_BLANK.get(scheme);
  return expected?.test(text.slice(first).replace(/[\t\n\r]/g, '')) ?? false;
}
