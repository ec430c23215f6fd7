import { once } from 'node:events';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { ClientImpact, ImpactProgress } from '@clientele/model/decision';
import { BEGINNING, ClientPages, type PlacedClient } from '../../clients/client-pages.ts';
import { ClientStore } from '../../clients/client-store.ts';
import type { FoundClient } from '../../clients/client.ts';
import { effectOn, softwareIdToCheck, type SettingsChange } from '../../registration/settings-impact.ts';
import { OverloadError } from '../../shares/overload-error.ts';
import { Shares } from '../../shares/shares.ts';

/** Runs at a time in a server process, and for one service. */
export const AT_A_TIME = 2;
export const PER_SERVICE = 1;

/** The fewest and the most clients that are read at once, and about as many characters. */
const SMALLEST_BATCH = 10;
const LARGEST_BATCH = 100;
const BATCH_CHARACTERS = 1_000_000;

/** Clients, and characters, after which the event loop continues with other requests. */
const CLIENTS_IN_A_TURN = 10;
const CHARACTERS_IN_A_TURN = 32_000;

/** Clients after which a line says how many were checked. */
export const PROGRESS_INTERVAL = 1_000;

/** Finds the clients that a change of the settings would affect. It reads all clients of a service, and changes nothing. */
@Injectable()
export class ServiceImpact implements OnModuleDestroy {
  private readonly shares = new Shares(AT_A_TIME, { service: PER_SERVICE });
  private readonly runs = new Set<Readable>();

  constructor(
    private readonly pages: ClientPages,
    private readonly clients: ClientStore,
  ) {}

  /** Open responses would delay the end of the server. */
  onModuleDestroy(): void {
    for (const lines of this.runs) lines.destroy(new OverloadError());
  }

  /** The lines of the response, which wait for their reader. Throws `OverloadError` or `StoreUnavailableError`. */
  async of(change: SettingsChange): Promise<Readable> {
    const share = this.shares.take({ service: change.current.apiKey });
    if (share === undefined) throw new OverloadError();
    const texts = this.linesOf(change, () => lines.destroyed);
    const lines = Readable.from(texts, { objectMode: false });
    this.runs.add(lines);
    const ended = finished(lines)
      .catch(() => undefined)
      .finally(() => this.runs.delete(lines));
    void share.during(ended);
    // A store that is unavailable from the beginning gives an error instead of an empty response.
    await once(lines, 'readable');
    return lines;
  }

  private async *linesOf(change: SettingsChange, hasEnded: () => boolean): AsyncGenerator<string> {
    const counts = { checked: 0, refused: 0, narrowed: 0 };
    let lines: string[] = [];
    let characters = 0;
    for await (const placed of this.batches(change.current.apiKey)) {
      for (const each of placed) {
        const impact = await this.impactOn(each.client, change);
        counts.checked += 1;
        characters += each.characters;
        if (impact !== undefined) {
          counts[impact.effect === 'REFUSED' ? 'refused' : 'narrowed'] += 1;
          lines.push(lineOf(impact));
        }
        if (counts.checked % PROGRESS_INTERVAL === 0) lines.push(lineOf({ ...counts, done: false }));
        if (counts.checked % CLIENTS_IN_A_TURN !== 0 && characters < CHARACTERS_IN_A_TURN) continue;
        characters = 0;
        if (lines.length > 0) yield lines.join('');
        lines = [];
        await setImmediate();
        if (hasEnded()) return;
      }
    }
    yield [...lines, lineOf({ ...counts, done: true })].join('');
  }

  /** All clients of a service, in the order of their numbers. */
  private async *batches(serviceId: number): AsyncGenerator<readonly PlacedClient[]> {
    let position = BEGINNING;
    // Clients may be large, so the first batches are small.
    for (let most = SMALLEST_BATCH; ;) {
      const placed = await this.pages.read(serviceId, 'all', position, most);
      yield placed;
      const last = placed.at(-1);
      if (last === undefined || placed.length < most) return;
      ({ position } = last);
      const average = placed.reduce((sum, { characters }) => sum + characters, 0) / placed.length;
      most = Math.min(2 * most, LARGEST_BATCH, Math.ceil(BATCH_CHARACTERS / average));
    }
  }

  private async impactOn(client: FoundClient, change: SettingsChange): Promise<ClientImpact | undefined> {
    const { serviceId, clientId, identifiers } = client;
    const softwareId = softwareIdToCheck(client, change);
    const hasTakenSoftwareId =
      softwareId !== undefined && (await this.clients.isSoftwareIdTaken({ serviceId, clientId, softwareId }));
    const effect = effectOn(client, change, { hasTakenSoftwareId });
    if (effect === undefined) return undefined;
    const { client_name: clientName } = client.document.metadata;
    return {
      clientId,
      ...(identifiers.canonical !== undefined && { canonicalClientId: identifiers.canonical }),
      ...(identifiers.alias !== undefined && { clientIdAlias: identifiers.alias }),
      ...(clientName !== undefined && { clientName }),
      ...effect,
    };
  }
}

function lineOf(line: ClientImpact | ImpactProgress): string {
  return `${JSON.stringify(line)}\n`;
}
