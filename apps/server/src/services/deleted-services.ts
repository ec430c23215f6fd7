import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '../database/database.ts';
import { Schema } from '../database/schema.ts';
import { PIECE, Sweeper } from '../database/sweeper.ts';
import type { Table } from '../database/table.ts';
import { DELETED_SERVICE_TABLE } from './service-tables.ts';

/** Milliseconds between two sweeps. */
const INTERVAL = 60 * 1000;

/** Milliseconds after which no request of the time before a deletion is in progress. */
const SETTLED = 60 * 1000;

/** Another process may finish the deletion meanwhile. Then the ID may be that of a new service, which may be deleted as well. */
const SAME_DELETION = 'deleted_service.service_id = $1 AND deleted_service.deleted_at = $2';

/** Deletes the rows of deleted services, in pieces between which other work has its turn. A restarted server continues. */
@Injectable()
export class DeletedServices implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly sweeper = new Sweeper('DeletedServices', INTERVAL, () => this.sweep());
  private readonly tables: readonly Table[];

  constructor(
    private readonly database: Database,
    schema: Schema,
  ) {
    this.tables = schema.tables.filter(
      ({ name, columns }) => 'service_id' in columns && name !== DELETED_SERVICE_TABLE.name,
    );
  }

  async sweep(now = Date.now()): Promise<void> {
    // A clock that was ahead stored later times.
    const sql = 'SELECT service_id, deleted_at FROM deleted_service WHERE deleted_at <= $1 OR deleted_at > $2';
    const settled = { sql, values: [now - SETTLED, now + SETTLED] };
    for (const { service_id, deleted_at } of await this.database.read(settled)) {
      const deletion = [Number(service_id), Number(deleted_at)];
      for (const table of this.tables) await this.deleteRows(table, deletion);
      if (this.sweeper.stopped) return;
      await this.database.write({ sql: `DELETE FROM deleted_service WHERE ${SAME_DELETION}`, values: deletion });
    }
  }

  private async deleteRows({ name, primaryKey }: Table, deletion: readonly number[]): Promise<void> {
    const key = primaryKey.join(', ');
    const isDeleted = `service_id = $1 AND EXISTS (SELECT 1 FROM deleted_service WHERE ${SAME_DELETION})`;
    const remaining = { sql: `SELECT 1 FROM ${name} WHERE ${isDeleted} LIMIT 1`, values: deletion };
    const piece = `SELECT ${key} FROM ${name} WHERE service_id = $1 LIMIT ${PIECE}`;
    // Other processes delete the same rows, so a deletion without rows does not mean that none remain.
    await this.sweeper.inPieces(async () => {
      if ((await this.database.read(remaining)).length === 0) return false;
      await this.database.write({
        sql: `DELETE FROM ${name} WHERE (${key}) IN (${piece}) AND ${isDeleted}`,
        values: deletion,
      });
      return true;
    });
  }

  onApplicationBootstrap(): void {
    this.sweeper.start();
  }

  onModuleDestroy(): void {
    this.sweeper.stop();
  }
}
