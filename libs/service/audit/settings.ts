import { IsInt, Max, Min } from 'class-validator';

/** How long the audit is kept. */
export class AuditSettings {
  /**
   * Days until a row of the audit is removed. Default: ten years, as the cases that it tells of (docs/reference/laws.md). The
   * database refuses to remove what is younger than a year.
   */
  @IsInt({ message: 'AUDIT_RETENTION_DAYS must be a number of days' })
  @Min(366, { message: 'AUDIT_RETENTION_DAYS must be at least 366' })
  @Max(36_525, { message: 'AUDIT_RETENTION_DAYS must be at most 36525' })
  AUDIT_RETENTION_DAYS: number = 3_653;
}
