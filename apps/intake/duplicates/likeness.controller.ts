import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Messaging } from '@retorno/messaging';
import { Allow, problem } from '@retorno/service';
import { gone } from '../erasure/erasure';
import { likenessOf, type Likeness } from './likeness';
import { isErased, registrationOf, type StoredReturnee } from '../registration/registration';
import { readReturnees } from '../registration/returnee-table';
import { isUuid } from '../fields/uuid';

/** How alike two cases' registrations are, and which registrations those are. */
interface LikenessView extends Likeness {
  /** Of a case with several, the one that is most like one of the other case. */
  readonly registrations: readonly [LikeRegistration, LikeRegistration];
}

interface LikeRegistration {
  readonly returneeId: string;
  readonly caseId: string;
}

/** Whether two cases may be about one person: in what their registrations agree. Values are with each returnee. */
@ApiTags('intake')
@Controller('intake/cases')
export class LikenessController {
  constructor(private readonly messaging: Messaging) {}

  @Get(':id/likeness/:otherId')
  @Allow('operations', 'auditor')
  @ApiOperation({
    summary: 'In which fields the registrations of two cases agree, and how much, without a value',
    description:
      'Of cases that were merged all registrations count: the two that are most alike are compared.',
  })
  @ApiParam({ name: 'id', format: 'uuid', description: 'Id of a case' })
  @ApiParam({ name: 'otherId', format: 'uuid', description: 'Id of the other case' })
  async compare(@Param('id') id: string, @Param('otherId') otherId: string): Promise<LikenessView> {
    const [mine, theirs] = await Promise.all([this.registrationsOf(id), this.registrationsOf(otherId)]);
    const pairs = mine.flatMap((a) => theirs.map((b): LikenessView => viewOf(a, b)));
    const [most] = pairs.toSorted((a, b) => b.score - a.score);
    if (!most) throw problem(404, 'not-found', 'No returnee is registered under one of these cases.');
    return most;
  }

  /** Of a case and of those that were merged into it. Throws problem 410 when the person was erased. */
  private async registrationsOf(caseId: string): Promise<StoredReturnee[]> {
    if (!isUuid(caseId)) return [];
    const reading = { tx: this.messaging.dataSource.manager, keyring: this.messaging.keyring() };
    const where = 'where case_id = $1 or merged_case_id = $1 order by seq';
    const found = await readReturnees(reading, where, [caseId]);
    const known = found.filter((one) => !isErased(one));
    if (found.length > 0 && known.length === 0) throw gone();
    return known;
  }
}

function viewOf(one: StoredReturnee, other: StoredReturnee): LikenessView {
  return {
    ...likenessOf(registered(one), registered(other)),
    registrations: [placeOf(one), placeOf(other)],
  };
}

function registered(stored: StoredReturnee): Parameters<typeof likenessOf>[0] {
  const { person, journey } = registrationOf(stored);
  return { person, sendingAuthority: journey.sendingAuthority };
}

function placeOf({ id: returneeId, caseId }: StoredReturnee): LikeRegistration {
  return { returneeId, caseId };
}
