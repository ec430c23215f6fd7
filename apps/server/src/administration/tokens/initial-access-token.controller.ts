import { Body, Param, Query } from '@nestjs/common';
import { parseId } from '@clientele/model';
import type {
  CreatedInitialAccessToken,
  InitialAccessTokenInformation,
  InitialAccessTokenPage,
} from '@clientele/model/metadata';
import { ApiController, ApiRoute } from '../../access/api-route.ts';
import { InitialAccessTokenStore } from '../../access/initial-access-token-store.ts';
import { CreateInitialAccessTokenDto } from '../../access/initial-access-token.dto.ts';
import type { InitialAccessToken } from '../../access/initial-access-token.ts';
import { InitialAccessTokens } from '../../access/initial-access-tokens.ts';
import { ByCaller } from '../../access/changed-by.ts';
import { CurrentService } from '../../access/service.guard.ts';
import type { ChangedBy } from '../../changes/change.ts';
import { ApiError, unacceptable } from '../../http/api-error.ts';
import { EnvelopePipe } from '../../http/envelope.pipe.ts';
import type { Service } from '../../services/service.ts';

const PAGE = 100;
const LARGEST_PAGE = 1000;

const COMMON = { tag: 'Services and tokens', right: 'CREATE_CLIENT' } as const;

/** The initial access tokens of a service (RFC 7591 section 3). */
@ApiController('initial_access_token')
export class InitialAccessTokenController {
  constructor(
    private readonly tokens: InitialAccessTokens,
    private readonly store: InitialAccessTokenStore,
  ) {}

  @ApiRoute('POST', 'create', {
    ...COMMON,
    id: 'createInitialAccessToken',
    summary: 'Create an initial access token (RFC 7591 section 3); only this response contains it',
    body: { schema: CreateInitialAccessTokenDto, example: { expiresIn: 86400, uses: 1, label: 'A partner' } },
    response: { status: 201, schema: 'CreatedInitialAccessToken' },
  })
  async create(
    @CurrentService() service: Service,
    @ByCaller() by: ChangedBy,
    @Body(EnvelopePipe) body: CreateInitialAccessTokenDto,
  ): Promise<CreatedInitialAccessToken> {
    const { token, stored } = await this.tokens.create(service, body, by);
    return { ...shown(stored), initialAccessToken: token };
  }

  /** Includes expired and used up tokens. `next` is present if there are more tokens. */
  @ApiRoute('GET', 'get/list', {
    ...COMMON,
    id: 'listInitialAccessTokens',
    summary: 'List the initial access tokens, oldest first',
    query: {
      limit: { type: 'integer', minimum: 1, maximum: LARGEST_PAGE, default: PAGE },
      after: { type: 'integer', minimum: 1, description: '`next` of the previous page.' },
    },
    response: { schema: 'InitialAccessTokens' },
  })
  async list(
    @CurrentService() service: Service,
    @Query('limit') limitText = String(PAGE),
    @Query('after') afterText?: string,
  ): Promise<InitialAccessTokenPage> {
    const limit = parseId(limitText);
    if (limit === undefined || limit > LARGEST_PAGE) throw unacceptable(`limit is a number from 1 to ${LARGEST_PAGE}.`);
    const after = afterText === undefined ? 0 : parseId(afterText);
    if (after === undefined) throw unacceptable('after is the ID of a token.');

    const tokens = await this.store.list(service.apiKey, after, limit + 1);
    const page = tokens.slice(0, limit);
    const last = page.at(-1);
    return { initialAccessTokens: page.map(shown), ...(tokens.length > limit && last && { next: last.id }) };
  }

  @ApiRoute('DELETE', 'delete/:id', {
    ...COMMON,
    id: 'deleteInitialAccessToken',
    summary: 'Revoke an initial access token; clients that were registered with it remain',
    response: { status: 204 },
  })
  async delete(
    @CurrentService() service: Service,
    @ByCaller() by: ChangedBy,
    @Param('id') idText: string,
  ): Promise<void> {
    const id = parseId(idText);
    if (id === undefined || !(await this.store.delete(service.apiKey, id, by)))
      throw new ApiError(404, 'noSuchInitialAccessToken');
  }
}

function shown({ id, label, createdAt, expiresAt, uses, usesLeft, lastUsedAt }: InitialAccessToken) {
  return {
    id,
    ...(label !== undefined && { label }),
    createdAt,
    expiresAt,
    uses,
    usesLeft,
    ...(lastUsedAt !== undefined && { lastUsedAt }),
  } satisfies InitialAccessTokenInformation;
}
