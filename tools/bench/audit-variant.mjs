/**
 * The built server, with parts of its audit removed, to measure what they cost: without the sealer if AUDIT_VARIANT is `pending`, and
 * also without the pending rows and their hashes if it is `none`. The product has no such setting.
 */
const built = (file) => import(`../../apps/server/dist/${file}`);

const { Sealer } = await built('changes/sealer.js');
const { ClientStore } = await built('clients/client-store.js');
const { SqliteDatabase } = await built('database/sqlite-database.js');

const shortened = new Map();
const variant = process.env.AUDIT_VARIANT;
if (variant === 'none' || variant === 'pending') replace(Sealer, 'onApplicationBootstrap', () => () => undefined);

if (variant === 'none') {
  replace(
    ClientStore,
    'write',
    () =>
      function (text, columns, _change, alongside) {
        return this.execute(text, {}, columns, alongside);
      },
  );
  replace(
    SqliteDatabase,
    'run',
    (run) =>
      function (statement) {
        return run.call(this, statement.steps ? { ...statement, steps: withoutPending(statement.steps) } : statement);
      },
  );
}

await built('main.js');

/** Replaces a method. Throws if the server has no such method any more. */
function replace({ prototype, name }, method, replacement) {
  if (typeof prototype[method] !== 'function') throw new Error(`${name} has no method ${method}.`);
  prototype[method] = replacement(prototype[method]);
}

function withoutPending(steps) {
  let others = shortened.get(steps);
  if (others === undefined) {
    others = steps.filter((step) => !step.includes('INSERT INTO audit_pending'));
    shortened.set(steps, others);
  }
  return others;
}
