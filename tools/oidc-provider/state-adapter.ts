import type { Adapter, AdapterPayload } from 'oidc-provider';

/** Stores sessions, grants and tokens of one authorization server in memory, without regard to expiration. For tests. */
export class StateAdapter implements Adapter {
  private readonly payloads = new Map<string, AdapterPayload>();

  upsert(id: string, payload: AdapterPayload): Promise<void> {
    this.payloads.set(id, payload);
    return Promise.resolve();
  }

  find(id: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve(this.payloads.get(id));
  }

  findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve([...this.payloads.values()].find((payload) => payload.uid === uid));
  }

  findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve([...this.payloads.values()].find((payload) => payload.userCode === userCode));
  }

  consume(id: string): Promise<void> {
    const payload = this.payloads.get(id);
    if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000);
    return Promise.resolve();
  }

  destroy(id: string): Promise<void> {
    this.payloads.delete(id);
    return Promise.resolve();
  }

  revokeByGrantId(grantId: string): Promise<void> {
    for (const [id, payload] of this.payloads) if (payload.grantId === grantId) this.payloads.delete(id);
    return Promise.resolve();
  }
}
