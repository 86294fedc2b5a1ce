import { previewOf, type MergePreview } from './merge-preview';
import type { Said } from '../testing/returnees';
import { roundtable } from '../testing/roundtable';
import { Saga } from '../testing/saga';

const MINISTRIES = roundtable('identity', 'health', 'employment', 'protection');
const [ELDER, NEWER] = ['01930000-0000-7000-8000-00000000000a', '01930000-0000-7000-8000-00000000000b'];

function two(elder: Said, newer: Said): [Saga, Saga] {
  return [new Saga(elder, MINISTRIES, ELDER), new Saga(newer, MINISTRIES, NEWER)];
}

/** Both commands, as the one transaction runs them, and what is told of them. */
function previewed(into: Saga, from: Saga): MergePreview {
  const [mine, theirs] = [into.state, from.state];
  const said = [into.messages.length, from.messages.length] as const;
  from.when({ type: 'merge-into', other: mine, by: '', note: '' });
  into.when({ type: 'merge-from', other: theirs, by: '', note: '' });
  const told = [...from.messages.slice(said[1]), ...into.messages.slice(said[0])].flatMap((message) =>
    message.to === 'agency' ? [{ referralId: message.data.referralId, type: message.type }] : [],
  );
  return previewOf(
    { before: mine, after: into.state },
    { before: theirs, after: from.state },
    { fields: [], told, catalogues: MINISTRIES },
  );
}

const linesOf = ({ referrals }: MergePreview): string[] =>
  referrals.map(({ service, fate, told }) => [service, fate, ...told].join(' '));

describe('what a merge would do', () => {
  it('is that what the other agency has comes along without its noticing, with the need that it serves', () => {
    const [into, from] = two({ needs: ['health-care'] }, { needs: ['emotional-support'] });
    from.answer('mental-health', 'received', 'accepted');
    const preview = previewed(into, from);
    expect(linesOf(preview)).toEqual(['medical-care stays', 'mental-health comes-along']);
    expect(preview.needs).toEqual([{ code: 'emotional-support', before: null, after: 'open', reason: null }]);
    expect(preview.from.status).toBe('closed');
  });

  it('is that one of two under way is recalled, and the other case is closing until its agency lets go', () => {
    const [into, from] = two({ needs: ['health-care'] }, { needs: ['health-care'] });
    const preview = previewed(into, from);
    expect(linesOf(preview)).toEqual(['medical-care stays', 'medical-care recalled cancellation-requested']);
    expect(preview.from.status).toBe('closing');
    expect(preview.needs).toEqual([]);
  });

  it('is that what was only planned is given up, planned anew and asked for where it can be', () => {
    const [into, from] = two({ needs: ['health-care'] }, { needs: ['employment'] });
    const lines = linesOf(previewed(into, from));
    expect(lines).toContain('job-placement given-up');
    expect(lines).toContain('job-placement new');
  });

  it('names nothing that lists do not name', () => {
    const [into, from] = two({ needs: ['health-care'] }, { vulnerabilities: ['gender-based-violence'] });
    from.answer('womens-emergency-centre', 'received', 'accepted');
    const preview = previewed(into, from);
    expect(preview.referrals).toContainEqual(
      expect.objectContaining({ restricted: true, service: 'restricted', fate: 'comes-along' }),
    );
    for (const secret of ['violence', 'womens', 'protection']) {
      expect(JSON.stringify(preview)).not.toContain(secret);
    }
  });

  it('is the same fingerprint for the same, and another one once something has changed', () => {
    const printOf = (...answers: ('received' | 'accepted')[]): string => {
      const [into, from] = two({ needs: ['health-care'] }, { needs: ['emotional-support'] });
      if (answers.length > 0) from.answer('mental-health', ...answers);
      return previewed(into, from).fingerprint;
    };
    const unanswered = printOf();
    expect(printOf()).toBe(unanswered);
    expect(printOf('received', 'accepted')).not.toBe(unanswered);
  });
});
