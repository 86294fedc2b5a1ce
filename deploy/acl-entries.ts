/** The cluster's own access list: what it should say, what it says, and the difference. */
import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  ResourcePatternTypes,
  type AclEntry,
  type Admin,
} from 'kafkajs';
import type { Grant, Operation } from './access';
import { untilShown } from './admin';

const OPERATIONS: Record<Operation, AclOperationTypes> = {
  Describe: AclOperationTypes.DESCRIBE,
  Read: AclOperationTypes.READ,
  Write: AclOperationTypes.WRITE,
};

const RESOURCES: Record<Grant['resource'], AclResourceTypes> = {
  topic: AclResourceTypes.TOPIC,
  group: AclResourceTypes.GROUP,
};

/** Rights as Kafka's entries, one for each operation. The prefix makes a service's name its principal: `User:`. */
export function toAclEntries(grants: readonly Grant[], prefix = 'User:'): AclEntry[] {
  return grants.flatMap((grant) =>
    grant.operations.map((operation) => ({
      principal: `${prefix}${grant.service}`,
      // From anywhere: which machines reach the brokers is the network's to say.
      host: '*',
      operation: OPERATIONS[operation],
      permissionType: AclPermissionTypes.ALLOW,
      resourceType: RESOURCES[grant.resource],
      resourceName: grant.name,
      resourcePatternType: ResourcePatternTypes.LITERAL,
    })),
  );
}

/** Where an access list and the cluster's differ. */
export interface AclDifference {
  readonly missing: readonly AclEntry[];
  /** What principals of ours may do, or are denied, beyond the list. */
  readonly extra: readonly AclEntry[];
}

/** Compares; entries of principals that the list does not name are nobody's business here. */
export function compareAcls(wanted: readonly AclEntry[], existing: readonly AclEntry[]): AclDifference {
  const want = new Set(wanted.map(describeEntry));
  const have = new Set(existing.map(describeEntry));
  const ours = new Set(wanted.map((entry) => entry.principal));
  return {
    missing: wanted.filter((entry) => !have.has(describeEntry(entry))),
    extra: existing.filter((entry) => ours.has(entry.principal) && !want.has(describeEntry(entry))),
  };
}

/** An entry in one line: `User:health may read topic referrals.health.requests.v1 (literal) from *`. */
export function describeEntry(entry: AclEntry): string {
  const verb = entry.permissionType === AclPermissionTypes.ALLOW ? 'may' : 'may not';
  const operation = nameIn(AclOperationTypes, entry.operation);
  const resource = nameIn(AclResourceTypes, entry.resourceType);
  const pattern = nameIn(ResourcePatternTypes, entry.resourcePatternType);
  return `${entry.principal} ${verb} ${operation} ${resource} ${entry.resourceName} (${pattern}) from ${entry.host}`;
}

/** kafkajs declares enumerations, which would give the name of a value, but has plain objects. */
function nameIn(names: Readonly<Record<string, unknown>>, value: number): string {
  return (
    Object.keys(names)
      .find((name) => names[name] === value)
      ?.toLowerCase() ?? String(value)
  );
}

/** The cluster's whole access list. */
export async function readAcls(admin: Admin): Promise<AclEntry[]> {
  const { resources } = await admin.describeAcls({
    resourceType: AclResourceTypes.ANY,
    resourcePatternType: ResourcePatternTypes.ANY,
    operation: AclOperationTypes.ANY,
    permissionType: AclPermissionTypes.ANY,
  });
  return resources.flatMap(({ acls, resourceType, resourceName, resourcePatternType }) =>
    acls.map((acl) => ({ ...acl, resourceType, resourceName, resourcePatternType })),
  );
}

/** Adds what is missing, takes nothing away, and returns when it is in force. Answers how the cluster differed before. */
export async function applyAcls(admin: Admin, wanted: readonly AclEntry[]): Promise<AclDifference> {
  const difference = compareAcls(wanted, await readAcls(admin));
  if (difference.missing.length > 0) {
    await admin.createAcls({ acl: [...difference.missing] });
    await untilShown(async () => compareAcls(wanted, await readAcls(admin)).missing.length === 0);
  }
  return difference;
}
