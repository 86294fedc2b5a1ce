import type { Policy } from '@retorno/agency';

/** Where the best interests of a child that came alone are determined (Decreto Legislativo 1297). */
const UNIT = 'special-protection-unit';

/**
 * Whoever is referred here is in danger: people answer, and before everything else; a machine only says how far the
 * determination of a child's best interests has come. It begins with an assessment and ends with a decision.
 */
export const policy: Policy = ({ service, status, outcome }, { type }) => {
  if (type === 'requested') {
    return { priority: 'urgent', ...(service === UNIT && { memo: { step: 'to-assess' } }) };
  }
  if (type !== 'answered' || service !== UNIT) return {};
  if (status === 'accepted' || status === 'in-progress') return { memo: { step: 'assessing' } };
  return status === 'completed' && outcome ? { memo: { step: 'decided' } } : {};
};
