import { isIP } from 'node:net';
import { applyDecorators } from '@nestjs/common';
import { Expose, Transform } from 'class-transformer';
import { webUrlProblem } from '@clientele/model/metadata';
import { IsBoolean, IsInt, Max, Min, ValidateBy, type ValidationOptions } from 'class-validator';
import ipaddr from 'ipaddr.js';
import { hostOf, isUnspecified } from './hosts.ts';

interface SettingOptions {
  /** The name in the environment; the property in capitals if omitted: `baseUrl` is `BASE_URL`. */
  readonly name?: string;
  /** Whether `NAME_FILE` can be the path of a file with the value. */
  readonly secret?: boolean;
  /** Converts the text. A text that it cannot convert is returned as it is, and validation refuses it. */
  readonly convert?: (text: string) => unknown;
}

/** The name of a setting in the environment, and the property with its value. */
export interface SettingName {
  readonly name: string;
  readonly property: string;
  readonly secret: boolean;
}

const DECLARED: SettingName[] = [];

/** All settings, in the order of their declaration. */
export const SETTINGS: readonly SettingName[] = DECLARED;

/** Declares a property of the configuration that the environment sets. */
export function Setting({ name, secret = false, convert }: SettingOptions = {}): PropertyDecorator {
  return (target, key) => {
    const property = String(key);
    const inEnvironment = name ?? property.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
    DECLARED.push({ name: inEnvironment, property, secret });
    Expose({ name: inEnvironment })(target, key);
    if (convert) Transform(({ value }: { value: string }) => convert(value))(target, key);
  };
}

/** A whole number in a range. */
export function NumberSetting(least: number, most: number, kind = 'a number'): PropertyDecorator {
  const options = { message: `${kind} from ${least} to ${most}` };
  return applyDecorators(Setting({ convert: toNumber }), IsInt(options), Min(least, options), Max(most, options));
}

/** `true` or `false`. */
export function BooleanSetting(): PropertyDecorator {
  const convert = (text: string): unknown => (text === 'true' || text === 'false' ? text === 'true' : text);
  return applyDecorators(Setting({ convert }), IsBoolean({ message: 'true or false' }));
}

/** Converts a text of digits to a number. Returns any other text unchanged. */
export function toNumber(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text;
}

/** Accepts a list of IP addresses and networks. */
export function AreNetworks(options: ValidationOptions): PropertyDecorator {
  const isNetwork = (text: string): boolean => (text.includes('/') ? ipaddr.isValidCIDR(text) : isIP(text) !== 0);
  const validate = (value: unknown): boolean => (value as readonly string[]).every(isNetwork);
  return ValidateBy({ name: 'areNetworks', validator: { validate } }, options);
}

/** Accepts an IP address or a host name that a URL can contain: 256.1.1.1 is refused. */
export function IsHost(options: ValidationOptions): PropertyDecorator {
  const validate = (value: unknown): boolean => {
    const text = String(value);
    return (
      /^[A-Za-z0-9._:-]+$/.test(text) &&
      URL.canParse(`http://${isIP(text) === 6 ? `[${text}]` : text}`) &&
      (isIP(text) !== 0 || !text.includes(':'))
    );
  };
  return ValidateBy({ name: 'isHost', validator: { validate } }, options);
}

/** A segment of a path that URL parsers remove (. and ..), or an empty segment. */
const REMOVED_SEGMENT = /[^:/]\/(?:\.|%2e){0,2}(?:\/|$)/i;

/** Accepts an http or https URL to which paths are added. Its path must not have empty segments, `.` or `..`. */
export function IsPublicUrl(options: ValidationOptions): PropertyDecorator {
  const validate = (value: unknown): boolean =>
    webUrlProblem(value, { query: false }) === undefined && !REMOVED_SEGMENT.test(String(value));
  return ValidateBy({ name: 'isPublicUrl', validator: { validate } }, options);
}

/** Accepts the URL of a database. An unencoded character in a password would hide its end, so it is refused. */
export function IsDatabaseUrl(options: ValidationOptions): PropertyDecorator {
  const validate = (value: unknown): boolean => {
    const text = String(value);
    return /^sqlite:.+/.test(text) || (/^postgres(ql)?:\/\/.+/.test(text) && isEncoded(text));
  };
  return ValidateBy({ name: 'isDatabaseUrl', validator: { validate } }, options);
}

/** Whether a URL can be parsed, its percent-encoding is valid, and `@` is only in front of the host. */
function isEncoded(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { pathname, search, hash } = new URL(text);
  try {
    decodeURIComponent(text);
  } catch {
    return false;
  }
  return hash === '' && !(pathname + search).includes('@');
}

/** The values of `sslmode`. The library would take any other text as `verify-full`, and an empty one as `disable`. */
export const SSL_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'] as const;

/** Accepts a URL unless its `sslmode` is unknown. */
export function HasSslMode(options: ValidationOptions): PropertyDecorator {
  const modes: readonly string[] = SSL_MODES;
  const validate = (value: unknown): boolean => {
    const text = String(value);
    return !URL.canParse(text) || new URL(text).searchParams.getAll('sslmode').every((mode) => modes.includes(mode));
  };
  return ValidateBy({ name: 'hasSslMode', validator: { validate } }, options);
}

/** Accepts a URL unless its host stands for every address of a machine. */
export function NamesHost(options: ValidationOptions): PropertyDecorator {
  const validate = (value: unknown): boolean => !URL.canParse(String(value)) || !isUnspecified(hostOf(String(value)));
  return ValidateBy({ name: 'namesHost', validator: { validate } }, options);
}
