import { envelope } from '../test/support.ts';
import type { RegisterResult } from './registration-result.ts';
import { toHttp } from './to-http.ts';

const json = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', Pragma: 'no-cache' };

describe('toHttp', () => {
  it.each([
    ['CREATED', 201, json],
    ['OK', 200, json],
    ['UPDATED', 200, json],
    ['BAD_REQUEST', 400, json],
    ['UNAUTHORIZED', 401, { ...json, 'WWW-Authenticate': 'Bearer error="invalid_token"' }],
    ['INTERNAL_SERVER_ERROR', 500, json],
  ])('%s is %d with the response content', (action, status, headers) => {
    const result = envelope(action);
    expect(toHttp(result as unknown as RegisterResult)).toEqual({ status, headers, body: result.responseContent });
  });

  it('DELETED is 204 with neither body nor content type', () => {
    const response = toHttp(envelope('DELETED') as unknown as RegisterResult);
    expect(response).toEqual({ status: 204, headers: { 'Cache-Control': 'no-store', Pragma: 'no-cache' } });
    expect(response).not.toHaveProperty('body');
  });

  it('an unknown action is a server error without the response content', () => {
    const result = envelope('SUSPENDED', { responseContent: '{"secret":1}' });
    const body = '{"error":"server_error"}';
    expect(toHttp(result as unknown as RegisterResult)).toEqual({ status: 500, headers: json, body });
  });

  it('fits the constructor of Response', () => {
    const { status, headers, body } = toHttp(envelope('DELETED') as unknown as RegisterResult);
    expect(new Response(body, { status, headers }).status).toBe(204);
  });

  it('returns headers that the caller may change', () => {
    const result = envelope('OK') as unknown as RegisterResult;
    toHttp(result).headers['X-Mine'] = '1';
    expect(toHttp(result).headers).toEqual(json);
  });
});
