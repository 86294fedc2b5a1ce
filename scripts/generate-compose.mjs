// Writes the generated lines of docker-compose.yml: a container and a database password for every service found in apps.
// With --check it only compares.
import { readdirSync } from 'node:fs';
import { writeGenerated } from './generated.mjs';

const agencies = readdirSync('apps/agencies', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();
const services = [
  {
    name: 'coordinator',
    folder: 'coordinator',
    more: ['PAIRWISE_KEY: ${PAIRWISE_KEY:?run deploy/make-env.sh}'],
  },
  ...agencies.map((name) => ({ name, folder: `agencies/${name}`, more: [] })),
  { name: 'statistics', folder: 'statistics', more: [] },
  {
    name: 'portal',
    folder: 'portal',
    more: [
      'COORDINATOR_URL: http://coordinator:3000',
      'INTAKE_URL: http://intake:3000',
      // No secrets: deploy/make-env.sh cannot make them up, and says that they are missing.
      'PUBLIC_URL: ${PUBLIC_URL:?set in .env how returnees reach the portal}',
      'HELP_PHONE: ${HELP_PHONE:?set in .env whom returnees call}',
    ],
  },
  {
    name: 'intake',
    folder: 'intake',
    more: ['MATCHING_KEY: ${MATCHING_KEY:?run deploy/make-env.sh}'],
  },
];

const passwordOf = ({ name }) => `${name.replaceAll('-', '_').toUpperCase()}_DATABASE_PASSWORD`;
const givenPassword = (service) => `\${${passwordOf(service)}:?run deploy/make-env.sh}`;
const roleOf = ({ name }) => `retorno_${name.replaceAll('-', '_')}`;

const passwords = services.map((service) => `      ${passwordOf(service)}: ${givenPassword(service)}\n`);
const containers = services.map(
  (service) => `  ${service.name}:
    <<: *service
    command: [node, dist/apps/${service.folder}/main.js]
    environment:
      <<: *environment
      DATABASE_URL: postgresql://${roleOf(service)}:${givenPassword(service)}@postgres:5432/retorno
${service.more.map((line) => `      ${line}\n`).join('')}`,
);

writeGenerated(
  'docker-compose.yml',
  (before) => within(within(before, 'passwords', passwords.join('')), 'services', containers.join('\n')),
  services.length,
);

/** The text with other lines between `# written by npm run generate: <what>` and the `# end` after it. */
function within(text, what, lines) {
  const begin = new RegExp(`(# written by npm run generate: ${what}\\n)[^]*?( *# end\\n)`);
  return text.replace(begin, (_, first, last) => `${first}${lines}${last}`);
}
