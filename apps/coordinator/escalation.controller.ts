import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { CaseReferral } from '@retorno/contracts';
import { Allow, problem } from '@retorno/service';
import { CaseFacts, type StoredFact } from './case-facts';
import { CaseQueries } from './case-queries';
import { CatalogueShelf } from './catalogues';
import { EscalationQueries } from './escalations.controller';
import type { CaseDocument, FactNote } from './stores';
import { caseView, type EscalationView } from './view';

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
  ) {}

  @Get(':id')
  @Allow('operations', 'auditor')
  @ApiOperation({
    summary: 'One escalation, opened: nothing is masked, and what the agency asked stands in its own words',
  })
  async get(@Param('id') id: string): Promise<object> {
    const [found] = id.startsWith('group:') ? [] : await this.escalations.behind(id);
    if (!found) {
      throw problem(404, 'escalation-not-found', 'There is no escalation with this id; a group has no page.');
    }
    const { caseId, owner } = found;
    const { body } = await this.cases.find(caseId);
    const view = caseView((JSON.parse(body) as CaseDocument).state, this.catalogues.current());
    const escalation = view.escalations.find((e) => e.id === id)!;
    const referral = view.referrals.find((r) => r.id === escalation.referralId) ?? null;
    const question =
      escalation.reason === 'info-requested' ? await this.questionOf(caseId, escalation) : null;
    const complaint = escalation.reason === 'complaint' ? await this.complaintOf(caseId, id) : null;
    return { ...escalation, caseId, caseNumber: view.number, owner, referral, question, complaint };
  }

  /** What the returnee complained about, in their own words. */
  private async complaintOf(caseId: string, id: string): Promise<object | null> {
    const [facts, notes] = await Promise.all([this.facts.of(caseId), this.facts.notesOf(caseId)]);
    const raised = facts.find(
      ({ type, data }) =>
        type === 'escalation-raised' && (data['escalation'] as { id: string } | undefined)?.id === id,
    );
    if (!raised) return null;
    const note = notes.get(raised.place);
    return {
      at: raised.data.at,
      by: note?.by ?? null,
      channel: note?.channel ?? null,
      text: note?.note ?? null,
    };
  }

  private async questionOf(caseId: string, escalation: EscalationView): Promise<Question | null> {
    const [facts, notes] = await Promise.all([this.facts.of(caseId), this.facts.notesOf(caseId)]);
    return questionBehind(escalation, facts, notes);
  }
}

/** The question that an escalation is about: the agency's last one up to when the escalation was resolved. */
function questionBehind(
  { referralId, resolvedAt }: Pick<EscalationView, 'referralId' | 'resolvedAt'>,
  facts: readonly StoredFact[],
  notes: ReadonlyMap<number, FactNote>,
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
  const note = notes.get(asked.place);
  return { at: asked.data.at, by: note?.by ?? null, text: note?.note ?? null };
}
