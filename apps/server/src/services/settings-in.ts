import { quote, type JsonObject } from '@clientele/model/metadata';
import { nearestName } from '../config/nearest-name.ts';
import { ApiError, unacceptable } from '../http/api-error.ts';
import { declaredNames } from '../http/converted.ts';
import { readEnvelope } from '../http/envelope.pipe.ts';
import { IGNORED_SETTINGS, REFUSED_SETTINGS } from './authlete-settings.ts';
import { reservedName } from './custom-client-metadata.ts';
import { lengthProblem } from './longest-json.ts';
import { ScopeDto, ServiceSettingsDto, SoftwareStatementIssuerDto } from './service-settings.dto.ts';

/** The names of members, and those that are accepted without an effect. */
interface Names {
  readonly known: ReadonlySet<string>;
  readonly ignored: ReadonlySet<string>;
}

function namesOf(dto: new () => object, ignored: Iterable<string> = []): Names {
  return { known: new Set(declaredNames(dto)), ignored: new Set(ignored) };
}

const SETTINGS = namesOf(ServiceSettingsDto, IGNORED_SETTINGS);
const SCOPE = namesOf(ScopeDto, ['descriptions', 'attributes']);
const ISSUER = namesOf(SoftwareStatementIssuerDto);

/**
 * The settings in a body. Throws `ApiError` if one is not valid, or if a name is unknown: it may be misspelt, and then the setting
 * would get its default. An unknown name without a value is ignored, because newer versions of Authlete's SDK send it.
 */
export function settingsIn(body: JsonObject): ServiceSettingsDto {
  for (const [name, reason] of REFUSED_SETTINGS)
    if (Object.hasOwn(body, name) && !isEmpty(body[name])) throw unacceptable(`${name}: ${reason}`);
  expectKnown(body, SETTINGS);
  const settings = readEnvelope(ServiceSettingsDto, body);
  const { supportedScopes, softwareStatementIssuers } = body as Partial<Record<string, JsonObject[] | null>>;
  supportedScopes?.forEach((scope, index) => {
    expectKnown(scope, SCOPE, `supportedScopes[${index}].`);
  });
  softwareStatementIssuers?.forEach((issuer, index) => {
    expectKnown(issuer, ISSUER, `softwareStatementIssuers[${index}].`);
  });
  const reserved = reservedName(settings);
  if (reserved !== undefined) throw new ApiError(400, 'customNameReserved', { name: reserved });
  const tooLong = lengthProblem(settings, 'the settings');
  if (tooLong !== undefined) throw unacceptable(tooLong);
  return settings;
}

/**
 * Says which name in settings for people is unknown, whatever its value. In a patch, a misspelt name with `null` would reset nothing,
 * and the caller would not notice.
 */
export function unknownSettingIn(body: JsonObject): { readonly name: string; readonly problem: string } | undefined {
  const name = unknownNames(body, SETTINGS).find((each) => !REFUSED_SETTINGS.has(each));
  return name === undefined ? undefined : { name, problem: problemOf(name, SETTINGS) };
}

function expectKnown(object: JsonObject, names: Names, path = ''): void {
  const unknown = unknownNames(object, names).find((name) => !isEmpty(object[name]));
  if (unknown !== undefined) throw unacceptable(`${path}${problemOf(unknown, names)}`);
}

function unknownNames(object: JsonObject, { known, ignored }: Names): readonly string[] {
  return Object.keys(object).filter((name) => !known.has(name) && !ignored.has(name));
}

function problemOf(unknown: string, { known }: Names): string {
  const meant = nearestName(unknown, known);
  const help = meant === undefined ? 'docs/services.md lists the settings' : `did you mean ${meant}?`;
  return `${quote(unknown)} is unknown; ${help}`;
}

/** Whether a value is the same as an omitted one for a property of which the server knows nothing. */
function isEmpty(value: unknown): boolean {
  return (
    value === null || value === false || value === 0 || value === '' || (Array.isArray(value) && value.length === 0)
  );
}
