import { TOPICS } from '@retorno/contracts';
import { coordinatorService } from '../apps/coordinator/service';
import { intakeService } from '../apps/intake/service';
import { portalService } from '../apps/portal/service';
import { statisticsService } from '../apps/statistics/service';
import { accessOf, type Operation } from './access';
import { compareAcls, describeEntry, toAclEntries } from './acl-entries';
import { agenciesOf } from './services';
import { topicUses } from './topic-uses';

const agencies = ['education', 'health', 'identity'];
const grants = accessOf(agencies);

/** Services that may do this with the topic or group. */
function who(operation: Operation, name: string): string[] {
  return grants.filter((g) => g.name === name && g.operations.includes(operation)).map((g) => g.service);
}

describe('access', () => {
  it('lets nobody but an agency read what is asked of it, and nobody but the coordinator its answers', () => {
    expect(who('Read', 'referrals.health.requests.v1')).toEqual(['health']);
    expect(who('Read', 'referrals.health.answers.v1')).toEqual(['coordinator']);
  });

  it('gives every topic of referrals exactly one writer', () => {
    for (const agency of agencies) {
      expect(who('Write', `referrals.${agency}.requests.v1`)).toEqual(['coordinator']);
      expect(who('Write', `referrals.${agency}.answers.v1`)).toEqual([agency]);
    }
  });

  it("lets no agency near intake's events or the cases", () => {
    expect(who('Read', 'intake.returnees.v1')).toEqual(['coordinator']);
    expect(who('Write', 'intake.returnees.v1')).toEqual(['intake']);
    expect(who('Write', 'cases.v1')).toEqual(['coordinator']);
    expect(who('Read', 'cases.v1')).toEqual(['statistics']);
    expect(who('Read', 'cases.feedback.v1')).toEqual(['intake']);
  });

  it('gives a service its own consumer group alone', () => {
    const groups = grants.filter((grant) => grant.resource === 'group');
    expect(groups.map((grant) => [grant.service, grant.name])).toEqual(
      ['console', 'coordinator', ...agencies, 'intake', 'portal', 'statistics']
        .sort()
        .map((service) => [service, `retorno.${service}`]),
    );
  });

  it('lets those who read a service ask it to send again, and it alone reads what they ask', () => {
    expect(who('Write', 'resends.coordinator.v1')).toEqual([...agencies, 'intake', 'statistics'].sort());
    expect(who('Write', 'resends.health.v1')).toEqual(['coordinator']);
    expect(who('Write', 'resends.intake.v1')).toEqual(['coordinator']);
    expect(who('Write', 'resends.statistics.v1')).toEqual(['coordinator']);
    for (const service of ['console', 'coordinator', 'intake', 'portal', 'statistics', ...agencies]) {
      expect(who('Read', `resends.${service}.v1`)).toEqual([service]);
    }
  });

  it('names every topic and group in full, and allows nothing but to describe, read and write', () => {
    for (const grant of grants) {
      expect(grant.name).toMatch(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/);
      expect(['topic', 'group']).toContain(grant.resource);
      expect(grant.operations.every((o) => ['Describe', 'Read', 'Write'].includes(o))).toBe(true);
    }
  });

  it('leaves no topic without a reader, unless the list of topics says that it has none', () => {
    const unread = topicUses(agencies).filter((use) => who('Read', use.name).length === 0);
    const declared = TOPICS.filter((topic) => topic.readers.length === 0).map((topic) => topic.pattern);
    expect(unread.map((use) => use.name)).toEqual(declared);
  });

  it('agrees with what the services subscribe to', () => {
    const settings = { PAIRWISE_KEY: '00'.repeat(32) } as never;
    const readBy = (reader: string): Set<string> =>
      new Set(
        TOPICS.filter((topic) => topic.readers.some((r) => r === reader)).map((topic) => topic.pattern),
      );
    expect(new Set(coordinatorService.messaging(settings).subscribes)).toEqual(readBy('coordinator'));
    expect(new Set(intakeService.messaging(settings).subscribes)).toEqual(readBy('intake'));
    expect(new Set(statisticsService.messaging(settings).subscribes)).toEqual(readBy('statistics'));
    expect(portalService.messaging(settings).subscribes).toEqual([]);
    // An agency's service is made by libs/agency, which subscribes to what is asked of it and nothing else.
    expect(readBy('agency')).toEqual(new Set(['referrals.*.requests.v1']));
  });

  it('gives nothing at all to an agency that is not there', () => {
    expect(accessOf(['health']).some((grant) => JSON.stringify(grant).includes('education'))).toBe(false);
  });
});

describe("the cluster's own list", () => {
  const wanted = toAclEntries(accessOf(['health']));

  it('allows by full name, each operation once, the named principal only', () => {
    expect(wanted.map(describeEntry)).toContain(
      'User:health may read topic referrals.health.requests.v1 (literal) from *',
    );
    expect(wanted.every((entry) => describeEntry(entry).includes(' may '))).toBe(true);
    expect(new Set(wanted.map(describeEntry)).size).toBe(wanted.length);
    expect(wanted.filter((entry) => entry.resourceName.includes('*'))).toEqual([]);
  });

  it('lacks what is missing and shows what one of ours may beyond it', () => {
    const [first, ...others] = wanted as [(typeof wanted)[0], ...typeof wanted];
    const tooWide = { ...first, resourceName: '*' };
    const strangers = { ...first, principal: 'User:payroll' };
    expect(compareAcls(wanted, [...others, tooWide, strangers])).toEqual({
      missing: [first],
      extra: [tooWide],
    });
  });
});

describe('the agencies of an installation', () => {
  it('are the folders of apps/agencies, or those that are named', () => {
    expect(agenciesOf(undefined)).toContain('health');
    expect(agenciesOf('identity, health,health')).toEqual(['health', 'identity']);
  });

  it.each(['', 'Health', 'a.b', '*', 'coordinator', 'health,,identity'])('are not %j', (list) => {
    expect(() => agenciesOf(list)).toThrow(/is no agency's name/);
  });
});
