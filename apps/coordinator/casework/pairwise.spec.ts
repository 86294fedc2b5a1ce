import { createCipheriv, hkdfSync } from 'node:crypto';
import fc from 'fast-check';
import { pairwise } from './pairwise';

const MASTER = Buffer.alloc(32, 7);
const refs = pairwise(MASTER);
const agencies = fc.constantFrom('identity', 'health', 'education', 'police');
const CASE_ID = '019a9f00-1111-7222-8333-444455556666';

describe('a pairwise case reference', () => {
  it('leads back to its case, for its agency', () => {
    fc.assert(
      fc.property(agencies, fc.uuid(), (agency, caseId) => {
        const ref = refs.refFor(agency, caseId);
        expect(ref).toMatch(/^[0-9a-f]{32}$/);
        expect(refs.caseIdOf(agency, ref)).toBe(caseId);
      }),
    );
  });

  it('is the same after a restart and in any order of calls', () => {
    const ids = ['019a9f00-1111-7222-8333-444455556666', '019a9f00-1111-7222-8333-444455556667'];
    const forwards = ids.map((id) => pairwise(MASTER).refFor('health', id));
    const again = pairwise(MASTER);
    const backwards = ids.toReversed().map((id) => again.refFor('health', id));
    expect(backwards.toReversed()).toEqual(forwards);
  });

  it('is one AES-256 block under the HKDF of the agency, so that another program can compute it', () => {
    const key = Buffer.from(hkdfSync('sha256', MASTER, '', 'health', 32));
    const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
    const block = Buffer.concat([
      cipher.update(Buffer.from(CASE_ID.replaceAll('-', ''), 'hex')),
      cipher.final(),
    ]);
    expect(refs.refFor('health', CASE_ID)).toBe(block.toString('hex'));
  });

  it('of one agency tells another agency, or another key, nothing', () => {
    fc.assert(
      fc.property(fc.uuid(), (caseId) => {
        const ref = refs.refFor('health', caseId);
        expect(refs.refFor('police', caseId)).not.toBe(ref);
        expect(refs.caseIdOf('police', ref)).not.toBe(caseId);
        expect(pairwise(Buffer.alloc(32, 8)).refFor('health', caseId)).not.toBe(ref);
        expect(ref).not.toContain(caseId.slice(0, 8));
      }),
    );
  });

  it.each(['', 'zz', '0'.repeat(31), '0'.repeat(33), 'A'.repeat(32), CASE_ID, `${'0'.repeat(32)}\n`])(
    "'%s' is refused as a reference, without echoing it",
    (ref) => {
      expect(() => refs.caseIdOf('health', ref)).toThrow(
        'a case reference must be 32 lower-case hexadecimal digits',
      );
    },
  );

  it.each(['', 'RT-2026-000123', CASE_ID.toUpperCase(), CASE_ID.replaceAll('-', '')])(
    "'%s' is refused as a case id",
    (caseId) => {
      expect(() => refs.refFor('health', caseId)).toThrow('a case id must be a lower-case UUID');
    },
  );

  it('needs an agency and a master key of 32 bytes', () => {
    expect(() => refs.refFor('', CASE_ID)).toThrow(/agency/);
    expect(() => pairwise(Buffer.alloc(16))).toThrow(/32 bytes/);
  });
});

describe('a pairwise reference of a household', () => {
  it('is one for all members, another at each agency, and does not show the household', () => {
    const told = refs.householdFor('health', 'H-77');
    expect(told).toMatch(/^[0-9a-f]{32}$/);
    expect(pairwise(MASTER).householdFor('health', 'H-77')).toBe(told);
    expect(refs.householdFor('health', 'H-78')).not.toBe(told);
    expect(refs.householdFor('police', 'H-77')).not.toBe(told);
    expect(pairwise(Buffer.alloc(32, 8)).householdFor('health', 'H-77')).not.toBe(told);
  });
});
