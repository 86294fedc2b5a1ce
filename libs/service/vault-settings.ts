/** How a service gets at the keys under which personal data is sealed. */
import { VAULT_KEY } from '@retorno/messaging';
import { IsInt, Matches, Max, Min } from 'class-validator';

export class VaultSettings {
  /** The key that wraps every person's key, the same for all services. Losing it is losing all personal data. */
  @Matches(VAULT_KEY, {
    message:
      'VAULT_KEY must be 32 bytes written as 64 hexadecimal digits; while it is changed, 2:<new digits>,1:<old digits>',
  })
  VAULT_KEY: string = '';

  /** How long a key is remembered: after so long an erasure has taken effect in this service. */
  @IsInt({ message: 'VAULT_CACHE_SECONDS must be a number of seconds' })
  @Min(0, { message: 'VAULT_CACHE_SECONDS must be 0 or more' })
  @Max(60, { message: 'VAULT_CACHE_SECONDS must be at most 60: an erasure takes effect within a minute' })
  VAULT_CACHE_SECONDS: number = 60;
}
