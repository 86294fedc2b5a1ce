import { ClientSettings } from '@retorno/service';
import { IsOptional, IsUrl, MaxLength } from 'class-validator';

const ADDRESS = { protocols: ['http', 'https'], require_protocol: true, require_tld: false };

/** The portal's own settings, and its login at the services that it asks. */
export class PortalSettings extends ClientSettings {
  @IsUrl(ADDRESS, { message: 'COORDINATOR_URL must be an address: http://coordinator:3000' })
  COORDINATOR_URL: string = '';

  @IsUrl(ADDRESS, { message: 'INTAKE_URL must be an address: http://intake:3000' })
  INTAKE_URL: string = '';

  /** How returnees reach the portal: what links begin with. */
  @IsUrl(ADDRESS, { message: 'PUBLIC_URL must be an address: https://retorno.example.org' })
  PUBLIC_URL: string = 'http://127.0.0.1:3000';

  /** Whom returnees call, as it is shown to them. Left out: they are told to call who gave them the link. */
  @IsOptional()
  @MaxLength(40, { message: 'HELP_PHONE must be a telephone number of at most 40 characters' })
  HELP_PHONE: string = '';

  /** Where the quick exit leads: a page that says nothing about who looks at it. */
  @IsUrl(ADDRESS, { message: 'EXIT_URL must be an address: https://www.google.com/' })
  EXIT_URL: string = 'https://www.google.com/';
}
