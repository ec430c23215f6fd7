import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { parseId } from '@clientele/model';
import { ApiError } from '../http/api-error.ts';
import { EnvelopePipe } from '../http/envelope.pipe.ts';
import type { Service } from '../service/service.ts';
import { CurrentService, Needs, ServiceGuard } from '../service/service.guard.ts';
import type { InitialAccessToken } from './initial-access-token.ts';
import { CreateInitialAccessTokenDto } from './initial-access-token.dto.ts';
import { InitialAccessTokenStore } from './initial-access-token-store.ts';
import { InitialAccessTokens } from './initial-access-tokens.ts';

/** An initial access token as it is shown: never its value, but once. */
type ShownToken = Omit<InitialAccessToken, 'serviceId' | 'hash'>;

const PAGE = 100;
const LARGEST_PAGE = 1000;

/** Who may register clients where the service is not open to everybody (RFC 7591 section 3, initial access token). */
@Controller('api/:serviceId/initial_access_token')
@UseGuards(ServiceGuard)
export class InitialAccessTokenController {
  constructor(
    private readonly tokens: InitialAccessTokens,
    private readonly store: InitialAccessTokenStore,
  ) {}

  /** The answer is the only one that holds the token. */
  @Post('create')
  @HttpCode(201)
  @Needs('CREATE_CLIENT')
  async create(
    @CurrentService() service: Service,
    @Body(EnvelopePipe) body: CreateInitialAccessTokenDto,
  ): Promise<ShownToken & { initialAccessToken: string }> {
    const { token, kept } = await this.tokens.create(service, body);
    return { ...shown(kept), initialAccessToken: token };
  }

  /** The tokens in the order in which they were made, those that are expired or used up included; `next` where there are more. */
  @Get('get/list')
  @Needs('CREATE_CLIENT')
  async list(
    @CurrentService() service: Service,
    @Query('limit') limitText = String(PAGE),
    @Query('after') afterText?: string,
  ): Promise<{ initialAccessTokens: ShownToken[]; next?: number }> {
    const limit = parseId(limitText);
    if (limit === undefined || limit > LARGEST_PAGE) throw unacceptable(`limit is a number from 1 to ${LARGEST_PAGE}.`);
    const after = afterText === undefined ? 0 : parseId(afterText);
    if (after === undefined) throw unacceptable('after is the ID of a token.');

    const tokens = await this.store.list(service.apiKey, after, limit + 1);
    const page = tokens.slice(0, limit);
    const last = page.at(-1);
    return { initialAccessTokens: page.map(shown), ...(tokens.length > limit && last && { next: last.id }) };
  }

  /** Revokes the token; clients that were registered with it stay. */
  @Delete('delete/:id')
  @HttpCode(204)
  @Needs('CREATE_CLIENT')
  async delete(@CurrentService() service: Service, @Param('id') idText: string): Promise<void> {
    const id = parseId(idText);
    if (id === undefined || !(await this.store.delete(service.apiKey, id)))
      throw new ApiError(404, 'noSuchInitialAccessToken');
  }
}

function shown({ serviceId: _serviceId, hash: _hash, ...token }: InitialAccessToken): ShownToken {
  return token;
}

function unacceptable(details: string): ApiError {
  return new ApiError(400, 'bodyUnacceptable', { details });
}
