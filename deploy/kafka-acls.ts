/** Rights as a shell script of Kafka's own tools, for clusters that are administered by hand. */
import type { Grant } from './access';

/** Names of users end in a service's; the prefix is `User:` and whatever stands before. */
export function kafkaAclsScript(grants: readonly Grant[], prefix = 'User:'): string {
  const services = [...new Set(grants.map((grant) => grant.service))];
  const userPrefix = prefix.slice('User:'.length);
  return [
    HEAD,
    ...services.flatMap((service) => [
      '',
      `# ${service}`,
      `user ${quoted(`${userPrefix}${service}`)}`,
      ...allowances(
        grants.filter((grant) => grant.service === service),
        `${prefix}${service}`,
      ),
    ]),
    '',
  ].join('\n');
}

/** One line for each kind of right: each start of the tool takes seconds. */
function allowances(grants: readonly Grant[], principal: string): string[] {
  const kinds = new Map<string, string[]>();
  for (const { resource, name, operations } of grants) {
    const kind = `${resource} ${operations.join(' ')}`;
    const words = kinds.get(kind) ?? operations.map((operation) => `--operation ${operation}`);
    kinds.set(kind, [...words, `--${resource} ${quoted(name)}`]);
  }
  return [...kinds.values()].map((words) => ['allow', quoted(principal), ...words].join(' '));
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

const HEAD = `#!/bin/sh
# Users and rights of the services, made with Kafka's own tools. Running it again changes nothing but passwords that differ.
#
#   BOOTSTRAP     host:port of a broker
#   ADMIN_CONFIG  a file with the client settings of an administrator (--command-config)
#   PASSWORDS     a folder with one file for each user, named like it, holding its password: letters, digits and ._~+/=-
#
# Make a password:  (umask 077; openssl rand -hex 24 > "$PASSWORDS/health")
# It goes to Kafka's tool in a file that only you can read, so it stands in no list of processes and no shell history.
set -eu
: "\${BOOTSTRAP:?host:port of a broker}" "\${ADMIN_CONFIG:?file with an administrator's client settings}"
: "\${PASSWORDS:?folder with one password file for each user}"

umask 077
credential=$(mktemp)
trap 'rm -f "$credential"' EXIT

user() {
  if ! [ -s "$PASSWORDS/$1" ]; then
    echo "no password in $PASSWORDS/$1" >&2
    exit 1
  fi
  password=$(head -n 1 "$PASSWORDS/$1")
  case $password in
    '' | *[!A-Za-z0-9._~+/=-]*)
      echo "the password in $PASSWORDS/$1 may hold letters, digits and ._~+/=- only" >&2
      exit 1
      ;;
  esac
  # printf is the shell's own: no process carries the password as an argument.
  printf 'SCRAM-SHA-512=iterations=8192,password=%s\\n' "$password" > "$credential"
  kafka-configs.sh --bootstrap-server "$BOOTSTRAP" --command-config "$ADMIN_CONFIG" \\
    --alter --entity-type users --entity-name "$1" --add-config-file "$credential"
}

allow() {
  principal=$1
  shift
  kafka-acls.sh --bootstrap-server "$BOOTSTRAP" --command-config "$ADMIN_CONFIG" \\
    --add --allow-principal "$principal" --allow-host '*' "$@"
}`;
