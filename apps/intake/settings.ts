import { IsInt, Matches, Max, Min } from 'class-validator';

/** Intake's own settings. */
export class IntakeSettings {
  /** Largest manifest in bytes; a longer one is refused with 413. */
  @IsInt({ message: 'MANIFEST_MAX_BYTES must be a number of bytes' })
  @Min(1, { message: 'MANIFEST_MAX_BYTES must be at least 1' })
  MANIFEST_MAX_BYTES: number = 100_000_000;

  /** 32 bytes, hex: the secret by which likely duplicates meet. With another one the people known before are not found. */
  @Matches(/^[0-9a-f]{64}$/i, { message: 'MATCHING_KEY must be 32 bytes written as 64 hexadecimal digits' })
  MATCHING_KEY: string = '';

  /**
   * Days from the end of a case until its personal data is erased by itself. Ley 29733, art. 8: no longer than the purpose
   * needs. Default: ten years, our reading: as long as claims out of it can be made (Código Civil, art. 2001, 1).
   */
  @IsInt({ message: 'RETENTION_DAYS must be a number of days' })
  @Min(1, { message: 'RETENTION_DAYS must be at least 1' })
  @Max(36_525, { message: 'RETENTION_DAYS must be at most 36525' })
  RETENTION_DAYS: number = 3_653;
}
