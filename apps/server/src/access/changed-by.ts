import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { ChangedBy } from '../changes/change.ts';
import { tokenIdOf } from './api-access-token-store.ts';
import type { AuthenticatedRequest } from './api-authentication.ts';

/** The caller of the API, as the actor of changes. */
export const ByCaller = createParamDecorator((_data: unknown, context: ExecutionContext): ChangedBy => {
  const { apiAccessToken, ...request } = authenticated(context);
  return { actor: { type: 'api_access_token', id: apiAccessToken }, ...request };
});

/** The client application whose authorization server calls the API, as the actor of changes. */
export const ByClient = createParamDecorator((_data: unknown, context: ExecutionContext): ChangedBy => {
  const { apiAccessToken, ...request } = authenticated(context);
  return { actor: { type: 'client', plane: 'api', apiAccessToken }, ...request };
});

function authenticated(context: ExecutionContext): { readonly apiAccessToken: string } & Omit<ChangedBy, 'actor'> {
  const { apiAccessToken, id, raw } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  return {
    apiAccessToken: tokenIdOf(apiAccessToken?.tokenHash ?? ''),
    requestId: id,
    hasGone: () => raw.socket.destroyed,
  };
}
