import { IsInt, Min } from 'class-validator';

/** Intake's own settings. */
export class IntakeSettings {
  /** Largest manifest in bytes; a longer one is refused with 413. */
  @IsInt({ message: 'MANIFEST_MAX_BYTES must be a number of bytes' })
  @Min(1, { message: 'MANIFEST_MAX_BYTES must be at least 1' })
  MANIFEST_MAX_BYTES: number = 100_000_000;
}
