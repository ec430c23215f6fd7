/** Makes so many clients in the store that the environment configures, and ends: `filled-store.ts <clients>`. */
import { builtServer } from '../built-server.ts';
import { fillStatement, SQLITE_NUMBERS } from '../store/growth.ts';

const server = await builtServer();
const database = await server.openDatabase(server.Config.from(process.env));
await database.write(fillStatement(SQLITE_NUMBERS, Number(process.argv[2])));
await database.close();
