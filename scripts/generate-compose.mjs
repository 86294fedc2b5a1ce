// Writes the generated lines of docker-compose.yml, a container and a database password for every service found in apps,
// and the realm of its Keycloak with a client for every agency.
// With --check it only compares.
import { readdirSync } from 'node:fs';
import { format } from 'prettier';
import { writeGenerated } from './generated.mjs';
import { realmFor, secretOf } from './realm.mjs';

const agencies = readdirSync('apps/agencies', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();
const services = [
  {
    name: 'coordinator',
    folder: 'coordinator',
    more: [
      'PAIRWISE_KEY: ${PAIRWISE_KEY:?run deploy/make-env.sh}',
      'PUBLIC_URL: ${PUBLIC_URL:?set in .env how people reach Retorno}',
      'WEBHOOK_SECRET: ${WEBHOOK_SECRET:?run deploy/make-env.sh}',
      // Who is told outside the screen: nobody, unless .env says so.
      ...[
        'SMTP_URL',
        'NOTIFY_FROM',
        'NOTIFY_TO',
        'WEBHOOK_URL',
        'WEBHOOK_PRIVATE',
        'NOTIFY_AFTER',
        'NOTIFY_AGAIN',
      ].map((name) => `${name}: \${${name}:-}`),
    ],
  },
  ...agencies.map((name) => ({ name, folder: `agencies/${name}`, more: [] })),
  { name: 'statistics', folder: 'statistics', more: [] },
  {
    name: 'portal',
    folder: 'portal',
    more: [
      ...loginOf('portal'),
      'COORDINATOR_URL: http://coordinator:3000',
      'INTAKE_URL: http://intake:3000',
      // No secrets: deploy/make-env.sh cannot make them up, and says that they are missing.
      'PUBLIC_URL: ${PUBLIC_URL:?set in .env how people reach Retorno}',
      'HELP_PHONE: ${HELP_PHONE:?set in .env whom returnees call}',
    ],
  },
  {
    name: 'console',
    folder: 'console',
    more: [
      ...loginOf('console'),
      'COORDINATOR_URL: http://coordinator:3000',
      'INTAKE_URL: http://intake:3000',
      'STATISTICS_URL: http://statistics:3000',
      'PORTAL_URL: http://portal:3000',
      'AGENCY_URL: http://{agency}:3000',
      'PUBLIC_URL: ${PUBLIC_URL:?set in .env how people reach Retorno}',
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

const secrets = ['console', 'portal', ...agencies.map((slug) => `agency-${slug}`)].map(
  (client) => `      ${givenSecret(client)}\n`,
);

writeGenerated(
  'docker-compose.yml',
  (before) =>
    [
      ['passwords', passwords.join('')],
      ['services', containers.join('\n')],
      ['secrets', secrets.join('')],
    ].reduce((text, [what, lines]) => within(text, what, lines), before),
  services.length,
);
const realm = await format(JSON.stringify(realmFor(agencies)), { parser: 'json', printWidth: 110 });
writeGenerated('deploy/keycloak/realm.json', () => realm, agencies.length);

/** What a service that asks others logs in with. */
function loginOf(client) {
  return [`OIDC_CLIENT_ID: ${client}`, `OIDC_CLIENT_SECRET: ${givenSecret(client).split(': ')[1]}`];
}

function givenSecret(client) {
  return `${secretOf(client)}: \${${secretOf(client)}:?run deploy/make-env.sh}`;
}

/** The text with other lines between `# written by npm run generate: <what>` and the `# end` after it. */
function within(text, what, lines) {
  const begin = new RegExp(`(# written by npm run generate: ${what}\\n)[^]*?( *# end\\n)`);
  return text.replace(begin, (_, first, last) => `${first}${lines}${last}`);
}
