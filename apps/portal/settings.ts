import { ClientSettings } from '@retorno/service';
import { IsUrl, Matches } from 'class-validator';

const ADDRESS = { protocols: ['http', 'https'], require_protocol: true, require_tld: false };

/** The portal's own settings, and its login at the services that it asks. */
export class PortalSettings extends ClientSettings {
  @IsUrl(ADDRESS, { message: 'COORDINATOR_URL must be an address: http://coordinator:3000' })
  COORDINATOR_URL: string = '';

  @IsUrl(ADDRESS, { message: 'INTAKE_URL must be an address: http://intake:3000' })
  INTAKE_URL: string = '';

  /**
   * How returnees reach the portal: what links begin with. A token in it opens the page, so anything but this machine is
   * https. No default: links to an address that telephones do not reach help nobody.
   */
  @Matches(/^(https:\/\/[^\s/?#@]+|http:\/\/(127\.0\.0\.1|localhost)(:\d+)?)\/?$/, {
    message:
      'PUBLIC_URL must be the address that returnees reach, with https and no path: https://retorno.example.org ' +
      '(http://127.0.0.1:3000 to try it out)',
  })
  PUBLIC_URL: string = '';

  /** Whom returnees call, as it is shown to them. `none`: they are told to call who gave them the link. */
  @Matches(/^(none|[+(\d*][\d\s()*#./-]{1,38})$/, {
    message: 'HELP_PHONE must be the telephone number that returnees call, like +51 1 204 0900, or none',
  })
  HELP_PHONE: string = '';

  /** Where the quick exit leads: a page that says nothing about who looks at it. */
  @IsUrl(ADDRESS, { message: 'EXIT_URL must be an address: https://www.google.com/' })
  EXIT_URL: string = 'https://www.google.com/';
}

/** The number that is shown; empty when there is none. */
export function helpPhoneOf({ HELP_PHONE }: PortalSettings): string {
  return HELP_PHONE === 'none' ? '' : HELP_PHONE;
}
