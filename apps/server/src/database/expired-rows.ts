import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Database, type Statement } from './database.ts';
import { Schema } from './schema.ts';
import { PIECE, Sweeper } from './sweeper.ts';
import type { ExpiryRule, Table } from './table.ts';

/** Milliseconds between two sweeps. */
const INTERVAL = 10 * 60 * 1000;

/** Deletes expired rows as their tables declare, in pieces between which other work has its turn. */
@Injectable()
export class ExpiredRows implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly sweeper = new Sweeper('ExpiredRows', INTERVAL, () => this.sweep());

  constructor(
    private readonly database: Database,
    private readonly schema: Schema,
  ) {}

  async sweep(now = Date.now()): Promise<void> {
    for (const table of this.schema.tables)
      for (const rule of table.expiry ?? [])
        for (const deletion of deletionsOf(table, rule, now)) await this.sweepRule(deletion);
  }

  private sweepRule(deletion: Statement): Promise<void> {
    return this.sweeper.inPieces(async () => {
      const [deleted = 0] = await this.database.write(deletion);
      return deleted === PIECE;
    });
  }

  onApplicationBootstrap(): void {
    this.sweeper.start();
  }

  onModuleDestroy(): void {
    this.sweeper.stop();
  }
}

function deletionsOf(table: Table, { column, keptFor = 0, where, longest }: ExpiryRule, now: number): Statement[] {
  const condition = where === undefined ? '' : ` AND ${where}`;
  return [
    deletionOf(table, column, `${column} <= $1${condition}`, now - keptFor),
    // A clock that was ahead stored these rows.
    ...(longest === undefined ? [] : [deletionOf(table, column, `${column} > $1${condition}`, now + longest)]),
  ];
}

function deletionOf({ name, primaryKey }: Table, column: string, isExpired: string, time: number): Statement {
  const key = primaryKey.join(', ');
  return {
    // The condition is checked again, because a row may have been renewed meanwhile.
    sql: `
      DELETE FROM ${name}
      WHERE (${key}) IN (SELECT ${key} FROM ${name} WHERE ${isExpired} ORDER BY ${column} LIMIT ${PIECE}) AND ${isExpired}`,
    values: [time],
  };
}
