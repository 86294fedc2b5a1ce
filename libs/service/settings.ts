/** Settings come from the environment, are checked once at start, and are typed from then on. */
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';

/** A missing or wrong setting: the start stops with its name and what it should be. */
export class SettingsError extends Error {
  constructor(readonly problems: string[]) {
    super(`Wrong settings:\n${problems.map((p) => `  - ${p}`).join('\n')}`);
    this.name = 'SettingsError';
  }
}

/**
 * Reads a settings class (class-validator) from environment variables of the same names. Values are never shown.
 * Throws SettingsError naming every wrong variable.
 */
export function readSettings<T extends object>(type: new () => T, env: NodeJS.ProcessEnv): T {
  const defaults = new type();
  const known = Object.fromEntries(
    Object.keys(defaults).flatMap((name) => {
      const value = env[name];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
  const settings = plainToInstance(type, { ...defaults, ...known }, { enableImplicitConversion: true });
  const errors = validateSync(settings, { skipMissingProperties: false });
  if (errors.length > 0) {
    const problems = errors.flatMap((e) =>
      Object.values(e.constraints ?? { wrong: `${e.property} is wrong` }),
    );
    throw new SettingsError([...new Set(problems)]);
  }
  return settings;
}
