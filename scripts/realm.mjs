// The realm of docker-compose.yml's Keycloak: who may log in is written there by its administrator, what a login says is
// written here. Clients of agencies follow from apps/agencies. `${NAME}` is filled in by Keycloak from its environment.

/** As libs/service/access/caller.ts has them. */
const ROLES = {
  operations: 'Operations: sees all cases and acts on them',
  'operations-lead': 'Operations, and what needs a second look: waive, skip, merge, correct, erase',
  intake: 'Registers returnees; with the attribute authority: of that sending authority only',
  'agency-worker': 'Staff of the agency that the attribute agency names',
  integration: 'The own system of the agency that the attribute agency names',
  statistics: 'Figures, no cases',
  auditor: 'Sees everything that operations see, and changes nothing',
  portal: "The returnees' pages themselves",
};

/** Seconds. What is taken away from somebody is gone after a token's life. */
const TOKEN_S = 300;
const IDLE_S = 30 * 60;
const SESSION_S = 10 * 3_600;

/** The whole realm for these agencies. */
export function realmFor(agencies) {
  const systems = [
    { id: 'portal', role: 'portal', attributes: {} },
    ...agencies.map((slug) => ({
      id: `agency-${slug}`,
      role: 'integration',
      attributes: { agency: [slug] },
    })),
  ];
  return {
    realm: 'retorno',
    displayName: 'Retorno',
    enabled: true,
    sslRequired: 'external',
    registrationAllowed: false,
    bruteForceProtected: true,
    passwordPolicy: 'length(12) and notUsername(undefined) and passwordHistory(5)',
    internationalizationEnabled: true,
    supportedLocales: ['es', 'en'],
    defaultLocale: 'es',
    defaultSignatureAlgorithm: 'ES256',
    accessTokenLifespan: TOKEN_S,
    ssoSessionIdleTimeout: IDLE_S,
    ssoSessionMaxLifespan: SESSION_S,
    revokeRefreshToken: false,
    eventsEnabled: true,
    eventsExpiration: 90 * 86_400,
    adminEventsEnabled: true,
    roles: { realm: Object.entries(ROLES).map(([name, description]) => ({ name, description })) },
    clientScopes: [
      { name: 'profile', protocol: 'openid-connect', protocolMappers: [fullName, loginName] },
      {
        name: 'retorno',
        protocol: 'openid-connect',
        protocolMappers: [subject, roles, attribute('agency'), attribute('authority'), audience],
      },
    ],
    defaultDefaultClientScopes: ['profile', 'retorno'],
    clients: [consoleClient, ...systems.map(systemClient)],
    users: systems.map(({ id, role, attributes }) => ({
      username: `service-account-${id}`,
      enabled: true,
      serviceAccountClientId: id,
      realmRoles: [role],
      attributes,
    })),
    components: {
      'org.keycloak.keys.KeyProvider': [
        key('ecdsa-generated', { ecdsaEllipticCurveKey: ['P-256'] }),
        key('hmac-generated', { algorithm: ['HS512'] }),
        key('aes-generated', {}),
      ],
      'org.keycloak.userprofile.UserProfileProvider': [
        {
          providerId: 'declarative-user-profile',
          config: { 'kc.user.profile.config': [JSON.stringify(userProfile)] },
        },
      ],
    },
  };
}

/** Where people log in: code flow with PKCE. */
const consoleClient = {
  clientId: 'console',
  name: 'Retorno',
  secret: '${CONSOLE_CLIENT_SECRET}',
  clientAuthenticatorType: 'client-secret',
  standardFlowEnabled: true,
  directAccessGrantsEnabled: false,
  redirectUris: ['${PUBLIC_URL}/console/login/callback'],
  webOrigins: [],
  attributes: {
    'pkce.code.challenge.method': 'S256',
    'post.logout.redirect.uris': '${PUBLIC_URL}/console/bye',
  },
};

/** A system that logs in with a secret of its own. */
function systemClient({ id }) {
  return {
    clientId: id,
    secret: `\${${secretOf(id)}}`,
    clientAuthenticatorType: 'client-secret',
    standardFlowEnabled: false,
    directAccessGrantsEnabled: false,
    serviceAccountsEnabled: true,
  };
}

/** Name of the setting that holds a client's secret. */
export function secretOf(client) {
  return `${client.toUpperCase().replaceAll('-', '_')}_CLIENT_SECRET`;
}

const inToken = { 'access.token.claim': 'true', 'id.token.claim': 'true' };

function mapper(name, protocolMapper, config) {
  return { name, protocol: 'openid-connect', protocolMapper, config };
}
const fullName = mapper('name', 'oidc-full-name-mapper', inToken);
const loginName = mapper('preferred_username', 'oidc-usermodel-attribute-mapper', {
  ...inToken,
  'user.attribute': 'username',
  'claim.name': 'preferred_username',
  'jsonType.label': 'String',
});
const subject = mapper('sub', 'oidc-sub-mapper', { 'access.token.claim': 'true' });
const roles = mapper('roles', 'oidc-usermodel-realm-role-mapper', {
  'access.token.claim': 'true',
  'claim.name': 'roles',
  'jsonType.label': 'String',
  multivalued: 'true',
});
const audience = mapper('audience', 'oidc-audience-mapper', {
  'access.token.claim': 'true',
  'included.custom.audience': 'urn:retorno:api',
});
function attribute(name) {
  return mapper(name, 'oidc-usermodel-attribute-mapper', {
    'access.token.claim': 'true',
    'user.attribute': name,
    'claim.name': name,
    'jsonType.label': 'String',
  });
}

function key(providerId, config) {
  return { name: providerId, providerId, config: { priority: ['100'], ...config } };
}

/** People may change their own name and address; where they work is the administrator's to say. */
const own = { view: ['admin', 'user'], edit: ['admin', 'user'] };
const administrators = { view: ['admin'], edit: ['admin'] };
const userProfile = {
  attributes: [
    {
      name: 'username',
      displayName: '${username}',
      permissions: { view: ['admin', 'user'], edit: ['admin'] },
    },
    { name: 'email', displayName: '${email}', permissions: own, validations: { email: {} } },
    { name: 'firstName', displayName: '${firstName}', permissions: own, required: { roles: ['user'] } },
    { name: 'lastName', displayName: '${lastName}', permissions: own, required: { roles: ['user'] } },
    {
      name: 'agency',
      displayName: 'Agency (slug)',
      permissions: administrators,
      validations: { pattern: { pattern: '^[a-z][a-z0-9-]*$', 'error-message': 'a slug, such as health' } },
    },
    { name: 'authority', displayName: 'Sending authority', permissions: administrators },
  ],
};
