/** Node's own module, which the types of Node 20 do not know; the package has the same API. */
declare module 'node:sqlite' {
  export { DatabaseSync } from '@photostructure/sqlite';
}
