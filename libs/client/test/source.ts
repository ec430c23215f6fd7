import type {
  RequestOptions,
  ResolveRequest,
  ResolveResult,
  VerifySecretRequest,
  VerifySecretResult,
} from '../src/index.ts';

type Answer<T> = T | Error;

/** The times are seconds. */
export const VALIDITY = { maxAge: 60, staleIfError: 3_600 };

/** The result for an unlocked client in this version. `members` are added to it or replace its members. */
export function resolved(etag: string, members: object = {}): ResolveResult {
  const metadata = { client_id: 'app', client_name: etag, redirect_uris: ['https://app.example/cb'] };
  return { action: 'OK', etag, ...VALIDITY, source: 'static', metadata, secrets: [], ...members };
}

/** The API of one client, which a `ClientCache` asks. It records the requests and responds as it was last told. */
export class FakeSource {
  readonly resolves: (ResolveRequest & { options: RequestOptions | undefined })[] = [];
  readonly verifications: VerifySecretRequest[] = [];
  /** An `OK` result becomes `NOT_MODIFIED` if the request has its `etag`. */
  resolveResult: Answer<ResolveResult> = resolved('v1');
  verifyResult: Answer<VerifySecretResult> = { action: 'INVALID' };
  /** Responses wait for this promise. */
  gate: Promise<unknown> = Promise.resolve();
  /** Milliseconds since 1970. */
  time = 1_800_000_000_000;

  readonly now = (): number => this.time;

  async resolve(request: ResolveRequest, options?: RequestOptions): Promise<ResolveResult> {
    this.resolves.push({ ...request, options });
    const result = this.resolveResult;
    await this.gate;
    if (result instanceof Error) throw result;
    if (result.action !== 'OK' || result.etag !== request.etag) return result;
    return { action: 'NOT_MODIFIED', etag: result.etag, maxAge: result.maxAge, staleIfError: result.staleIfError };
  }

  async verifySecret(request: VerifySecretRequest): Promise<VerifySecretResult> {
    this.verifications.push(request);
    const result = this.verifyResult;
    await this.gate;
    if (result instanceof Error) throw result;
    return result;
  }

  /** Lets time pass, in seconds. */
  wait(seconds: number): void {
    this.time += seconds * 1_000;
  }
}
