import { CataloguePublished } from '@retorno/contracts';
import { plan, needsOf, type Draft, type Plan } from './plan';
import type { Catalogues } from './offers';
import { RULES } from './rules';
import { profile, type Said } from '../../testing/returnees';
import { catalogues, joined, offer, roundtable } from '../../testing/roundtable';

const NOW = new Date('2026-11-20T15:00:00Z');
const ALL = roundtable();

function planOf(said: Said, offered: Catalogues = ALL, now = NOW): Plan & { needs: string[] } {
  const base = { profile: profile(said), referrals: [], catalogues: offered, rules: RULES, now };
  const needs = needsOf(base).map((need) => need.code);
  return { ...plan({ ...base, needs }), needs };
}

/** `agency/service` of every draft but the reception, which every arrival brings. */
function servicesOf(said: Said, offered: Catalogues = ALL, now = NOW): string[] {
  const drafts = planOf(said, offered, now).drafts.filter((d) => !d.needs.includes('arrival-reception'));
  return drafts.map((d) => `${d.agency}/${d.service}`).sort();
}

function draft(said: Said, service: string, offered: Catalogues = ALL, now = NOW): Draft {
  const found = planOf(said, offered, now).drafts.find((d) => d.service === service);
  if (!found) throw new Error(`${service} is not in the plan`);
  return found;
}

const child: Said = { dateOfBirth: '2014-03-01', relationship: 'unaccompanied' };

describe('the table of agencies', () => {
  it('can be said in the vocabulary, every row', () => {
    for (const catalogue of ALL.values()) expect(CataloguePublished.writeErrors(catalogue)).toEqual([]);
    expect([...ALL.values()].flatMap((c) => c.services)).toHaveLength(33);
  });

  it.each<[string, Said, string[]]>([
    ['birth-registration', {}, ['identity/birth-registration']],
    ['civil-certificate', {}, ['identity/civil-certificate']],
    ['identity-document', {}, ['identity/dni-issue']],
    ['health-insurance', {}, ['identity/dni-issue', 'insurance/enrolment']],
    ['health-care', {}, ['health/medical-care']],
    ['emotional-support', {}, ['health/mental-health']],
    ['school-enrolment', { dateOfBirth: '2014-03-01' }, ['education/school-enrolment']],
    ['recognition-of-studies', {}, ['education/recognition-of-studies', 'identity/dni-issue']],
    ['employment', {}, ['employment/job-placement', 'identity/dni-issue']],
    ['skills-certification', {}, ['employment/skills-certification', 'identity/dni-issue']],
    ['entrepreneurship', {}, ['identity/dni-issue', 'production/safe-entrepreneurship']],
    [
      'social-programme',
      {},
      [
        'identity/dni-issue',
        'social-inclusion/household-classification',
        'social-inclusion/social-programme',
      ],
    ],
    ['shelter', {}, ['assistance-centre/shelter']],
    ['legal-advice', {}, ['justice/legal-aid']],
    ['disability-card', {}, ['disability/disability-card', 'health/medical-care', 'identity/dni-issue']],
    [
      'returnee-card',
      {},
      ['foreign-affairs/returnee-card', 'identity/dni-issue', 'migration/movement-record'],
    ],
    ['police-record', {}, ['identity/dni-issue', 'police/record-certificate']],
  ])('%s is served by its services and their prerequisites', (need, said, services) => {
    expect(servicesOf({ ...said, needs: [need as never] })).toEqual(services);
  });

  it.each<[string, string[]]>([
    ['pregnant', ['health/medical-care']],
    ['chronic-illness', ['health/medical-care']],
    ['tb-or-hiv', ['health/medical-care']],
    ['mental-distress', ['health/mental-health']],
    ['gender-based-violence', ['protection/womens-emergency-centre']],
    ['trafficking', ['interior/trafficking-case', 'protection/trafficking-care']],
    ['older-person', []],
    ['disability', []],
    ['single-headed-household', []],
    ['detained-abroad', []],
  ])('%s is a need only when something serves it', (code, services) => {
    const said: Said = { vulnerabilities: [code as never] };
    expect(servicesOf(said)).toEqual(services);
    expect(planOf(said).needs.includes(code)).toBe(services.length > 0);
  });
});

describe('conditions', () => {
  it.each<[string, Said]>([
    ['school-enrolment', { dateOfBirth: '2023-11-21' }],
    ['school-enrolment', { dateOfBirth: '2008-11-20' }],
    ['employment', { dateOfBirth: '2008-11-21' }],
    ['skills-certification', { dateOfBirth: '2008-11-21' }],
    ['entrepreneurship', { dateOfBirth: '2008-11-21' }],
    ['police-record', { dateOfBirth: '2008-11-21' }],
    ['returnee-card', { yearsAbroad: 2 }],
    ['returnee-card', { nationality: 'ES' }],
    ['returnee-card', { arrivalDate: '2026-05-23' }],
  ])('%s is not for %p', (need, said) => {
    const made = planOf({ ...said, needs: [need as never] });
    expect(made.notEligible).toEqual([need]);
  });

  it.each<[string, Said]>([
    ['school-enrolment', { dateOfBirth: '2023-11-20' }],
    ['school-enrolment', { dateOfBirth: '2008-11-21' }],
    ['employment', { dateOfBirth: '2008-11-20' }],
    ['returnee-card', { yearsAbroad: 3, arrivalDate: '2026-05-24' }],
  ])('%s is for %p', (need, said) => {
    expect(planOf({ ...said, needs: [need as never] }).notEligible).toEqual([]);
  });

  it('what consulates do is only for those who have not arrived', () => {
    const said: Said = { needs: ['legal-advice'], vulnerabilities: ['detained-abroad'] };
    const before = new Date('2026-11-20T04:59:00Z');
    expect(servicesOf(said, ALL, before)).toEqual([
      'consular/detention-visit',
      'consular/legal-defence',
      'consular/travel-document',
      'justice/legal-aid',
    ]);
    expect(servicesOf(said, ALL, new Date('2026-11-20T05:01:00Z'))).toEqual(['justice/legal-aid']);
  });

  it('the criminal case of trafficking needs consent, except of a minor', () => {
    const said: Said = { vulnerabilities: ['trafficking'], consent: 'pending' };
    expect(servicesOf(said)).toEqual(['protection/trafficking-care']);
    expect(servicesOf({ ...said, dateOfBirth: '2012-01-01' })).toContain('interior/trafficking-case');
  });
});

describe('arrival', () => {
  it('is received at the port where it arrives', () => {
    expect(draft({}, 'reception')).toMatchObject({ agency: 'assistance-centre', basis: 'legal-obligation' });
    expect(draft({ portOfEntry: 'TCQ' }, 'border-reception').agency).toBe('migration');
  });

  it('is skipped when nobody offers a reception', () => {
    const made = planOf({}, roundtable('health'));
    expect(made).toMatchObject({ needs: [], drafts: [], noProvider: [], unoffered: [] });
  });
});

describe('id', () => {
  it('is met by verifying the DNI that was given', () => {
    expect(servicesOf({ needs: ['employment'], documentType: 'dni' })).toEqual([
      'employment/job-placement',
      'identity/dni-verify',
    ]);
  });

  it('a DNI is verified whatever was asked', () => {
    expect(servicesOf({ documentType: 'dni' })).toEqual(['identity/dni-verify']);
    expect(draft({ documentType: 'dni' }, 'dni-verify').needs).toEqual([]);
  });

  it.each(['passport', 'safe-conduct', 'none'] as const)('is met by issuing a DNI to who gave %s', (type) => {
    expect(servicesOf({ needs: ['employment'], documentType: type })).toContain('identity/dni-issue');
  });

  it('a renewal is issued beside the verification', () => {
    expect(servicesOf({ needs: ['identity-document', 'employment'], documentType: 'dni' })).toEqual([
      'employment/job-placement',
      'identity/dni-issue',
      'identity/dni-verify',
    ]);
  });

  it('is met by the card for who is not Peruvian', () => {
    const said: Said = { needs: ['employment'], nationality: 'CL', documentType: 'passport' };
    expect(servicesOf(said)).toEqual(['employment/job-placement', 'migration/foreigner-card']);
  });

  it('one prerequisite serves all that require it', () => {
    const made = planOf({ needs: ['employment', 'skills-certification', 'identity-document'] });
    const issue = made.drafts.filter((d) => d.slot === 'dni-issue');
    expect(issue).toHaveLength(1);
    expect(issue[0]?.needs).toEqual(['identity-document']);
  });

  it('that nobody offers leaves its dependents in the plan', () => {
    const made = planOf({ needs: ['employment'], nationality: 'CL' }, roundtable('identity', 'employment'));
    expect(made.unoffered).toEqual(['foreigner-card']);
    expect(made.drafts[0]).toMatchObject({ service: 'job-placement', requires: ['id'] });
  });
});

describe('provisional insurance', () => {
  it.each<Said>([
    { vulnerabilities: ['pregnant'] },
    { vulnerabilities: ['chronic-illness'] },
    { vulnerabilities: ['tb-or-hiv'] },
    { dateOfBirth: '2021-11-21' },
    { vulnerabilities: ['pregnant'], nationality: 'CL' },
  ])('goes at once to %p, and the id follows', (said) => {
    const made = planOf({ ...said, needs: ['health-insurance'] });
    expect(made.drafts.find((d) => d.service === 'enrolment')).toMatchObject({
      requires: [],
      provisional: true,
    });
    expect(made.drafts.some((d) => ['dni-issue', 'foreigner-card'].includes(d.service))).toBe(true);
  });

  it('is for nobody else', () => {
    const said: Said = {
      needs: ['health-insurance'],
      dateOfBirth: '2021-11-20',
      vulnerabilities: ['disability'],
    };
    expect(draft(said, 'enrolment')).toMatchObject({ requires: ['id'], provisional: false });
  });
});

describe('urgent care', () => {
  it('has its own deadlines and basis', () => {
    const said: Said = { needs: ['health-care'], vulnerabilities: ['pregnant'] };
    expect(draft(said, 'medical-care')).toMatchObject({ ack: '4 h', done: '48 h', basis: 'vital-interests' });
    expect(draft({ needs: ['health-care'] }, 'medical-care')).toMatchObject({
      ack: '1 d',
      done: '14 d',
      basis: 'consent',
    });
  });

  it('one referral meets every need that triggers it', () => {
    const said: Said = { needs: ['health-care'], vulnerabilities: ['pregnant', 'chronic-illness'] };
    expect(draft(said, 'medical-care').needs).toEqual(['health-care', 'pregnant', 'chronic-illness']);
  });
});

describe('an unaccompanied child', () => {
  it.each<[Said, boolean]>([
    [child, true],
    [{ dateOfBirth: '2014-03-01', vulnerabilities: ['unaccompanied-child'] }, true],
    [{ ...child, dateOfBirth: '2008-11-21' }, true],
    [{ ...child, dateOfBirth: '2008-11-20' }, false],
    [{ dateOfBirth: '1990-01-01', vulnerabilities: ['unaccompanied-child'] }, false],
    [{ dateOfBirth: '2014-03-01', relationship: 'child' }, false],
  ])('%p: %p', (said, expected) => {
    expect(planOf(said).needs.includes('unaccompanied-child')).toBe(expected);
    expect(servicesOf(said).includes('protection/special-protection-unit')).toBe(expected);
  });

  it.each<[Said, string]>([
    [child, 'identity/dni-issue'],
    [{ ...child, documentType: 'dni' }, 'identity/dni-verify'],
    [{ ...child, nationality: 'VE' }, 'migration/foreigner-card'],
  ])('gets protection, care, identity and reception whatever was asked: %p', (said, id) => {
    const made = planOf(said);
    expect(made.drafts.map((d) => `${d.agency}/${d.service}`).sort()).toEqual(
      ['assistance-centre/reception', 'health/medical-care', 'protection/special-protection-unit', id].sort(),
    );
    for (const d of made.drafts) expect(d).toMatchObject({ requires: [], basis: 'legal-obligation' });
  });

  it('everything else waits for the decision on its best interests', () => {
    const said: Said = {
      ...child,
      needs: [
        'school-enrolment',
        'emotional-support',
        'shelter',
        'recognition-of-studies',
        'social-programme',
      ],
    };
    expect(draft(said, 'school-enrolment').requires).toEqual(['special-protection-unit']);
    expect(draft(said, 'mental-health').requires).toEqual(['special-protection-unit']);
    expect(draft(said, 'shelter').requires).toEqual(['special-protection-unit']);
    expect(draft(said, 'recognition-of-studies').requires).toEqual(['special-protection-unit', 'id']);
    expect(draft(said, 'household-classification').requires).toEqual(['special-protection-unit', 'id']);
  });

  it.each<Said>([
    child,
    { ...child, dateOfBirth: '2023-01-01' },
    { ...child, vulnerabilities: ['pregnant'] },
  ])('insurance waits for that decision and then not for the id: %p', (said) => {
    expect(draft({ ...said, needs: ['health-insurance'] }, 'enrolment').requires).toEqual([
      'special-protection-unit',
    ]);
  });

  it('victims of violence or trafficking are helped at once', () => {
    const said: Said = {
      ...child,
      vulnerabilities: ['gender-based-violence', 'trafficking'],
      consent: 'pending',
    };
    for (const service of ['womens-emergency-centre', 'trafficking-care', 'trafficking-case']) {
      expect(draft(said, service)).toMatchObject({ requires: [], basis: 'legal-obligation' });
    }
  });

  it('finds no gate where nobody offers it', () => {
    const made = planOf(
      { ...child, needs: ['school-enrolment'] },
      roundtable('identity', 'health', 'education'),
    );
    expect(made.unoffered).toEqual(['special-protection-unit']);
    expect(made.drafts.find((d) => d.service === 'school-enrolment')?.requires).toEqual([
      'special-protection-unit',
    ]);
  });
});

describe('consent', () => {
  it('refused leaves what rests on another basis, and no prerequisites of the rest', () => {
    const said: Said = {
      needs: ['employment', 'health-care', 'shelter'],
      vulnerabilities: ['pregnant'],
      documentType: 'dni',
      consent: 'refused',
    };
    expect(servicesOf(said)).toEqual(['assistance-centre/shelter', 'health/medical-care']);
    expect(planOf(said).consentMissing).toEqual(['employment']);
  });

  it('pending plans everything', () => {
    const said: Said = { needs: ['employment', 'shelter'], consent: 'pending' };
    expect(servicesOf(said)).toEqual([
      'assistance-centre/shelter',
      'employment/job-placement',
      'identity/dni-issue',
    ]);
  });
});

describe('providers', () => {
  it('a need that nobody offers has none', () => {
    expect(planOf({ needs: ['shelter'] }, roundtable('health')).noProvider).toEqual(['shelter']);
  });

  it('an equivalent service is no first choice', () => {
    expect(servicesOf({ needs: ['legal-advice', 'shelter'] })).toEqual([
      'assistance-centre/shelter',
      'justice/legal-aid',
    ]);
  });

  it('an equivalent service that says what it is for serves where there is no first choice', () => {
    const charity = catalogues({
      zeta: [offer('beds', { for: ['shelter'], equivalentTo: ['shelter'] })],
      alpha: [offer('rooms', { for: ['shelter'], equivalentTo: ['shelter'] })],
    });
    expect(servicesOf({ needs: ['shelter'] }, charity)).toEqual(['alpha/rooms']);
    expect(servicesOf({ needs: ['shelter'] }, joined(charity, roundtable('assistance-centre')))).toEqual([
      'assistance-centre/shelter',
    ]);
  });

  it('the same service of two agencies is asked of one', () => {
    const two = catalogues({
      beta: [offer('care', { for: ['health-care'] })],
      alpha: [offer('care', { for: ['health-care'] })],
    });
    expect(servicesOf({ needs: ['health-care'] }, two)).toEqual(['alpha/care']);
  });

  it('a required service is found at whoever stands in for it', () => {
    const offered = catalogues({
      one: [offer('card', { for: ['disability-card'], requires: ['checkup'] })],
      two: [offer('visit', { equivalentTo: ['checkup'] })],
    });
    const made = planOf({ needs: ['disability-card'] }, offered);
    expect(made.drafts.map((d) => [d.service, d.slot])).toEqual([
      ['card', 'card'],
      ['visit', 'checkup'],
    ]);
  });
});
