import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { CaseEscalation, CaseReferral } from '@retorno/contracts';
import { Allow, problem, Who, type Caller } from '@retorno/service';
import { CaseFacts, type ToldFact } from '../casework/case-facts';
import { CaseQueries } from '../cases/case-queries';
import { CatalogueShelf } from '../casework/catalogues';
import { EscalationQueries } from './escalation-queries';
import { MASKED } from '../masking/sight';
import { Sights } from '../masking/sights';
import type { CaseDocument } from '../casework/stores';
import { caseView, type EscalationView } from '../cases/view';

/** What an agency asked, in its own words. Free text of staff: only for whoever opens the escalation. */
interface Question {
  at: string;
  by: string | null;
  text: string | null;
}

@ApiTags('escalations')
@Controller('escalations')
export class EscalationController {
  constructor(
    private readonly escalations: EscalationQueries,
    private readonly cases: CaseQueries,
    private readonly facts: CaseFacts,
    private readonly catalogues: CatalogueShelf,
    private readonly sights: Sights,
  ) {}

  @Get(':id')
  @Allow('operations', 'auditor')
  @ApiOperation({
    summary: 'One escalation, opened: what the agency asked stands in its own words',
    description: MASKED,
  })
  async get(@Param('id') id: string, @Who() caller: Caller): Promise<object> {
    const [found] = id.startsWith('group:') ? [] : await this.escalations.behind(id);
    if (!found) {
      throw problem(404, 'escalation-not-found', 'There is no escalation with this id; a group has no page.');
    }
    const { caseId, owner } = found;
    const [note] = await this.escalations.notesOf([found]);
    const { body } = await this.cases.find(caseId);
    const { state } = JSON.parse(body) as CaseDocument;
    const view = caseView(state, this.catalogues.current());
    const escalation = view.escalations.find((e) => e.id === id)!;
    const referral = view.referrals.find((r) => r.id === escalation.referralId) ?? null;
    const facts = ['info-requested', 'complaint'].includes(escalation.reason)
      ? await this.facts.told(caseId)
      : [];
    const question = escalation.reason === 'info-requested' ? questionBehind(escalation, facts) : null;
    const complaint = escalation.reason === 'complaint' ? complaintBehind(escalation, facts) : null;
    const { mask } = await this.sights.of(caller, state);
    // The note is of operations to operations.
    const shown = mask({ ...escalation, referral, question, complaint });
    return { ...shown, caseId, caseNumber: view.number, owner, note };
  }
}

/** What the returnee complained about, in their own words. */
function complaintBehind(
  { detail }: Pick<EscalationView, 'detail'>,
  facts: readonly ToldFact[],
): object | null {
  // Merged along with its case it was raised again, without the words.
  const raised = facts.find(({ type, data }) => {
    const escalation = data['escalation'] as CaseEscalation | undefined;
    return type === 'escalation-raised' && escalation?.detail['complaint'] === detail['complaint'];
  });
  if (!raised) return null;
  const { by = null, channel = null, note: text = null } = raised.note ?? {};
  return { at: raised.data.at, by, channel, text };
}

/** The question that an escalation is about: the agency's last one up to when the escalation was resolved. */
function questionBehind(
  { referralId, resolvedAt }: Pick<EscalationView, 'referralId' | 'resolvedAt'>,
  facts: readonly ToldFact[],
): Question | null {
  const asked = facts.findLast(({ type, data }) => {
    const referral = data['referral'] as CaseReferral | undefined;
    return (
      type === 'referral-changed' &&
      referral?.id === referralId &&
      referral?.businessStatus === 'info-requested' &&
      String(data['actor']).startsWith('agency:') &&
      (resolvedAt === null || data.at <= resolvedAt)
    );
  });
  if (!asked) return null;
  return { at: asked.data.at, by: asked.note?.by ?? null, text: asked.note?.note ?? null };
}
