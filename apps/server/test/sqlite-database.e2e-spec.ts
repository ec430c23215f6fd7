import { SqliteDatabase } from '../src/database/sqlite-database.ts';
import { databaseContract } from './database.contract.ts';

databaseContract('SQLite', async () => ({
  database: await SqliteDatabase.open(':memory:'),
  remove: () => Promise.resolve(),
}));
