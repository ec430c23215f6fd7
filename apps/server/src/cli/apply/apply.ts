import type { Clients } from '@clientele/client';
import { Command } from 'commander';
import { counted } from '../counted.ts';
import { confirm, expectConfirmation, type ConfirmationOptions } from '../confirm.ts';
import { callService, onServer, type ServerOptions } from '../connection.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { Progress } from '../progress.ts';
import { withAction, type OutputOptions, type Result } from '../result.ts';
import { printLine, printToStderr } from '../terminal.ts';
import { readDeclaration, type Declaration } from './declaration.ts';
import { documentOf, linesOf, questionOf } from './describe-plan.ts';
import { applyPlan, planOf, UNCHANGED, type Plan, type PlanOptions } from './plan.ts';

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
  const plan = await callService(options, ({ clients }) => compare(clients, declaration, options), UNCHANGED);
  const count = plan.steps.length + plan.deleted.length;
  const applied = count > 0 && !options.dryRun;
  const lines = linesOf(plan);
  if (applied) {
    const print = options.json ? printToStderr : printLine;
    if (!options.json || !options.yes) for (const line of lines) print(line);
    await confirm(questionOf(plan), options);
    await callService(options, ({ clients }) => change(clients, plan, options));
  }
  return {
    document: { manager: plan.manager, applied, ...documentOf(plan) },
    lines: applied ? [`Made ${counted(count, 'change')}.`] : lines,
    exitCode: options.dryRun && count > 0 ? EXIT_CODE.pending : EXIT_CODE.done,
  };
}

async function compare(clients: Clients, declaration: Declaration, options: ApplyOptions): Promise<Plan> {
  const progress = Progress.of('Comparing', options);
  try {
    return await planOf(clients, declaration, options, (done) => {
      progress.report(done, declaration.clients.length);
    });
  } finally {
    progress.end();
  }
}

async function change(clients: Clients, plan: Plan, options: ApplyOptions): Promise<void> {
  const progress = Progress.of('Applying', options);
  // Calls that run may end, so that the number of changes is known. A second Ctrl-C ends the command at once.
  const interruption = new AbortController();
  const interrupt = (): void => {
    interruption.abort();
  };
  process.once('SIGINT', interrupt);
  try {
    await applyPlan(clients, plan, interruption.signal, (done) => {
      progress.report(done, plan.steps.length + plan.deleted.length);
    });
  } finally {
    process.off('SIGINT', interrupt);
    progress.end();
  }
}
