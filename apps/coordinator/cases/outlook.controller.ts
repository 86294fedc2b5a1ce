import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Messaging } from '@retorno/messaging';
import { Allow, peruCalendar, SETTINGS, Who, type Calendar, type Caller } from '@retorno/service';
import { CaseQueries } from './case-queries';
import { CatalogueShelf } from '../casework/catalogues';
import { Sights } from '../masking/sights';
import { outlookOf, type CaseOutlook } from './outlook';
import { comesOfAge } from '../saga/plan/profile';
import { StandingShelf } from '../roundtable/standings';
import { RULES } from '../saga/plan/rules';
import { CoordinatorSettings } from '../settings';
import { personStore, type CaseDocument } from '../casework/stores';

@ApiTags('cases')
@Controller('cases')
export class OutlookController {
  private readonly calendar: Calendar;

  constructor(
    private readonly queries: CaseQueries,
    private readonly catalogues: CatalogueShelf,
    private readonly sights: Sights,
    private readonly standings: StandingShelf,
    private readonly messaging: Messaging,
    @Inject(SETTINGS) settings: CoordinatorSettings,
  ) {
    this.calendar = peruCalendar(settings.EXTRA_HOLIDAYS.split(',').filter(Boolean));
  }

  @Get(':id/outlook')
  @Allow('operations', 'auditor')
  @ApiOperation({
    summary:
      'What comes next in a case: timers, the expected end and what decides it, and what can be done now',
    description:
      '`expectedAt` holds if everybody keeps to the deadlines. `possible` are the commands that would be taken now; who ' +
      'may give them is another matter. `household` is as the sending authority wrote it, null when there is none.',
  })
  async get(
    @Param('id') idOrNumber: string,
    @Who() caller: Caller,
  ): Promise<CaseOutlook & { household: string | null }> {
    const { id, body } = await this.queries.find(idOrNumber);
    const rows: { key: string; body: string }[] = await this.messaging.dataSource.query(
      'select key, body from person where key = $1',
      [id],
    );
    const [person] = await this.messaging.read(personStore, rows);
    const record = person?.record;
    const { state } = JSON.parse(body) as CaseDocument;
    const outlook = outlookOf(state, {
      now: this.messaging.clock.now(),
      calendar: this.calendar,
      catalogues: this.catalogues.current(),
      standings: this.standings.current(),
      rules: RULES,
      ofAgeAt: () => record && comesOfAge(record.person.dateOfBirth, RULES),
    });
    const { mask } = await this.sights.of(caller, state);
    return { ...mask(outlook), household: record?.person.household ?? null };
  }
}
