import { Command } from 'commander';
import { confirm, expectConfirmation, type ConfirmationOptions } from '../confirm.ts';
import { callServer, onServer, type ServerOptions } from '../connection.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { Progress } from '../progress.ts';
import { withAction, type OutputOptions, type Result } from '../result.ts';
import { printToStderr } from '../terminal.ts';
import { readDeclaration } from './declaration.ts';
import { documentOf, linesOf } from './describe-plan.ts';
import { applyPlan, planOf, type PlanOptions } from './plan.ts';

interface ApplyOptions extends ServerOptions, OutputOptions, ConfirmationOptions, PlanOptions {
  readonly file: string;
  readonly dryRun?: boolean;
}

/** `clientele apply`: changes the clients of a running server to those of a file. */
export function applyCommand(): Command {
  const command = new Command('apply')
    .description(
      'change the clients of a running server to those of a file (docs/apply.md); can be interrupted and repeated',
    )
    .requiredOption('-f, --file <file>', 'the clients as YAML; - is standard input')
    .option('--dry-run', `only show the difference; exits with ${EXIT_CODE.pending} if there is one`)
    .option('--prune', 'delete the clients of this manager that are not in the file')
    .option('--adopt', 'take over existing clients that this manager does not manage')
    .option('--yes', 'do not ask');
  return withAction(onServer(command), apply);
}

async function apply(options: ApplyOptions): Promise<Result> {
  if (!options.dryRun) expectConfirmation(options);
  const declaration = await readDeclaration(options.file);
  return callServer(options, async (clients) => {
    const comparing = Progress.of('Comparing', options);
    const plan = await planOf(clients, declaration, options, (done) => {
      comparing.report(done, declaration.clients.length);
    });
    comparing.end();
    const { steps, deleted } = plan;
    const count = steps.length + deleted.length;
    const applied = count > 0 && !options.dryRun;
    const lines = linesOf(plan);
    if (applied) {
      // A question needs the difference before it; otherwise the result is printed at the end.
      if (!options.yes) for (const line of lines) printToStderr(line);
      await confirm(`Make ${count} change${count === 1 ? '' : 's'}?`, options);
      const applying = Progress.of('Applying', options);
      await applyPlan(clients, plan, (done) => {
        applying.report(done, count);
      });
      applying.end();
    }
    return {
      document: { manager: declaration.manager, applied, ...documentOf(plan) },
      lines: applied && !options.yes ? [`Made ${count} change${count === 1 ? '' : 's'}.`] : lines,
      exitCode: options.dryRun && count > 0 ? EXIT_CODE.pending : EXIT_CODE.done,
    };
  });
}
