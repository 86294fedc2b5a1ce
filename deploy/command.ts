/** How a command of this folder runs and ends. */
import { SettingsError } from '@retorno/service';

/** The command was called in a way that it does not have. */
export class UsageError extends Error {}

/** Runs a command on this process: its exit code, 2 when it throws, 78 (EX_CONFIG) for a wrong setting or option. */
export function runCommand(
  name: string,
  command: (
    args: readonly string[],
    env: NodeJS.ProcessEnv,
    print: (line: string) => void,
  ) => Promise<number>,
): void {
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  void command(process.argv.slice(2), process.env, print).then(
    (code) => (process.exitCode = code),
    (error: unknown) => {
      process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = isUsage(error) ? 78 : 2;
    },
  );
}

function isUsage(error: unknown): boolean {
  if (error instanceof UsageError || error instanceof SettingsError) return true;
  return String((error as { code?: unknown } | undefined)?.code).startsWith('ERR_PARSE_ARGS');
}
