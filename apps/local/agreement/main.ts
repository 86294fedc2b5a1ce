/**
 * Prints docs/reference/information-sharing.md, from the agencies that there are.
 *
 *     node dist/apps/local/agreement/main.js > docs/reference/information-sharing.md
 */
import { discoverAgencies } from '../discover';
import { agreementPage } from './page';

process.stdout.write(agreementPage(discoverAgencies()));
