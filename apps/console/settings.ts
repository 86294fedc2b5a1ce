import { ClientSettings } from '@retorno/service';
import { IsUrl, Matches } from 'class-validator';

const ADDRESS = { protocols: ['http', 'https'], require_protocol: true, require_tld: false };

/** The console's own settings, and its login at the issuer: client `console`, code flow with PKCE. */
export class ConsoleSettings extends ClientSettings {
  @IsUrl(ADDRESS, { message: 'COORDINATOR_URL must be an address: http://coordinator:3000' })
  COORDINATOR_URL: string = '';

  @IsUrl(ADDRESS, { message: 'INTAKE_URL must be an address: http://intake:3000' })
  INTAKE_URL: string = '';

  @IsUrl(ADDRESS, { message: 'STATISTICS_URL must be an address: http://statistics:3000' })
  STATISTICS_URL: string = '';

  @IsUrl(ADDRESS, { message: 'PORTAL_URL must be an address: http://portal:3000' })
  PORTAL_URL: string = '';

  /** Where an agency's service is found, `{agency}` standing for its slug. */
  @Matches(/^https?:\/\/\S+$/, { message: 'AGENCY_URL must be an address: http://{agency}:3000' })
  AGENCY_URL: string = '';

  /** How staff reach the console: where the issuer sends them back to. */
  @IsUrl(ADDRESS, { message: 'PUBLIC_URL must be an address: https://retorno.example.org' })
  PUBLIC_URL: string = '';
}
