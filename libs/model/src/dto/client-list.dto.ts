import { Expose } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, MaxLength, Min } from 'class-validator';
import { CLIENT_AUTH_METHOD, GRANT_TYPE } from '../metadata/values.ts';
import { LONGEST_IDENTIFIER } from './client-requests.dto.ts';
import { Converted, decorators, Digits } from './decorators.ts';
import { Index } from './list-index.ts';
import { EARLIEST } from './time.ts';

/** The most clients of one page. */
export const LARGEST_CLIENT_PAGE = 1000;

const SOURCES = {
  STATIC_REGISTRATION: 'static',
  DYNAMIC_REGISTRATION: 'dynamic',
  METADATA_DOCUMENT: 'document',
} as const;

type Source = (typeof SOURCES)[keyof typeof SOURCES];

function Filter(...rules: readonly PropertyDecorator[]): PropertyDecorator {
  return decorators(Expose(), IsOptional(), ...rules);
}

/** A text that the client must have. */
function Text(longest = LONGEST_IDENTIFIER): PropertyDecorator {
  return Filter(IsString(), Length(1, longest));
}

/** One value of a closed set, under any of its names. */
function OneOf(names: Readonly<Record<string, string>>): PropertyDecorator {
  const values = new Map(Object.entries(names).flatMap(([name, value]) => [[name, value] as const, [value, value]]));
  return Filter(
    Converted((value) => values.get(value) ?? value),
    IsIn([...new Set(values.values())], {
      message: ({ property }) => `${property} must be one of ${[...values.keys()].join(', ')}.`,
    }),
  );
}

/** Milliseconds since 1970. */
function Time(): PropertyDecorator {
  return Filter(Digits(), IsInt(), Min(EARLIEST), Max(Number.MAX_SAFE_INTEGER));
}

const inverted = (values: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(values).map(([name, constant]) => [constant, name]));

/** The grant type of each of Authlete's constants. */
const GRANT_TYPES: ReadonlyMap<string, string> = new Map(Object.entries(inverted(GRANT_TYPE)));

/** The filters of a list of clients. A client is in the list if it matches all of them. */
export class ClientFilterDto {
  /** The number of a client, the `client_id` under which it was created, or its alias. */
  @Text()
  identifier?: string;

  /** One of the redirection URIs, exactly as it was registered. */
  @Text()
  redirectUri?: string;

  /** The host of one of the redirection URIs. */
  @Text(255)
  redirectHost?: string;

  @Text()
  softwareId?: string;

  /** The beginning of a name of the client in any language, in upper or lower case. The clients are ordered by name. */
  @Text()
  clientName?: string;

  @Text()
  developer?: string;

  /** The key and the value of an attribute: `key=value`. */
  @Filter(MaxLength(2 * LONGEST_IDENTIFIER), Matches(/^[^=]+=/, { message: 'attribute must be key=value.' }))
  attribute?: string;

  @OneOf(SOURCES)
  source?: Source;

  @OneOf({ PUBLIC: 'PUBLIC', CONFIDENTIAL: 'CONFIDENTIAL' })
  clientType?: 'PUBLIC' | 'CONFIDENTIAL';

  @Filter(
    Converted((value) => (['true', 'false'].includes(value) ? value === 'true' : value)),
    IsBoolean({ message: 'locked must be true or false.' }),
  )
  locked?: boolean;

  /** The method, or Authlete's constant of it. */
  @OneOf(inverted(CLIENT_AUTH_METHOD))
  tokenAuthMethod?: string;

  /** The grant type, or Authlete's constant of it. */
  @Filter(Converted((value) => GRANT_TYPES.get(value) ?? value), IsString(), Length(1, LONGEST_IDENTIFIER))
  grantType?: string;

  /** Milliseconds since 1970: clients created then or later. */
  @Time()
  createdAfter?: number;

  /** Milliseconds since 1970: clients created before. */
  @Time()
  createdBefore?: number;

  /** Milliseconds since 1970: clients changed then or later. */
  @Time()
  modifiedAfter?: number;

  /** Milliseconds since 1970: clients not changed since. */
  @Time()
  modifiedBefore?: number;

  /** Milliseconds since 1970: clients used then or later. A use is noted at most once an hour. */
  @Time()
  usedAfter?: number;

  /** Milliseconds since 1970: clients not used since, or never. */
  @Time()
  usedBefore?: number;
}

/** The query of `GET /api/{serviceId}/client/get/list`: a page by cursor, or by indexes as in Authlete's API. */
export class ApiServiceIdClientList extends ClientFilterDto {
  /** The index of the first client, from 0. */
  @Index('listStartMalformed', 'listStartNegative')
  start?: number;

  /** The index after the last client; `start` + 5 if omitted. */
  @Index('listEndMalformed', 'listEndNegative')
  end?: number;

  /** `next` of the previous page. */
  @Text()
  after?: string;

  /** The most clients of the page. */
  @Filter(Digits(), IsInt(), Min(1), Max(LARGEST_CLIENT_PAGE))
  limit?: number;

  /** Authlete: some callers send it. It has no effect. */
  @Filter()
  limited?: unknown;
}
