import { Body, Controller, Get, Inject, Param, Put, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Consent } from '@retorno/contracts';
import { Messaging, type Clock } from '@retorno/messaging';
import { Allow, CLOCK, invalidFields, OwnRows, problem, Who, type Caller } from '@retorno/service';
import { authorityOf, isThere, OwnReturnees } from '../registration/authority';
import { consentErrors, standingConsent } from './consent';
import { gone } from '../erasure/erasure';
import { ConsentBody, consentOf } from './consent-body';
import { consentHistory, consentView, type ConsentEntry } from './consent-history';
import { isPlausibleConsentTime } from '../manifests/manifest-row';
import { consentHistorySchema, consentSchema, problemSchema } from '../returnees/openapi';
import { changeConsent } from '../registration/registrar';
import { readReturnees } from '../registration/returnee-table';
import { isErased, registrationOf } from '../registration/registration';
import { isUuid } from '../fields/uuid';

/** A returnee's consent: how it stands, what was said of it, and what is said next. */
@ApiTags('intake')
@Controller('intake/returnees')
@UseGuards(OwnReturnees)
export class ConsentController {
  constructor(
    private readonly messaging: Messaging,
    private readonly rows: OwnRows,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get(':id/consent')
  @Allow('intake', 'operations', 'auditor')
  @ApiOperation({ summary: 'The consent that holds now, and every word that was said of it, newest first' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiResponse({ status: 200, schema: consentHistorySchema })
  async get(@Param('id') id: string, @Who() caller: Caller): Promise<object> {
    const rows = this.rows.of(authorityOf(caller));
    const reading = { tx: rows, keyring: this.messaging.keyring() };
    const [stored] = isUuid(id) ? await readReturnees(reading, 'where id = $1', [id]) : [];
    if (!stored) throw unknown();
    const history: ConsentEntry[] = await consentHistory(rows, id);
    return { ...consentView(standingConsent(stored.consent, this.clock.now())), history };
  }

  @Put(':id/consent')
  @Allow('intake', 'operations', 'portal')
  @ApiOperation({
    summary: 'Consent granted, refused or withdrawn',
    description:
      'Granted to everything or for some purposes, for good or until a day. The latest by `at` wins: an older one than is ' +
      'known answers 200 with the one that holds. To take a part back, grant what stays.',
  })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiResponse({ status: 200, description: 'The consent that holds now', schema: consentSchema })
  @ApiResponse({ status: 422, schema: problemSchema })
  async change(@Param('id') id: string, @Body() body: ConsentBody, @Who() caller: Caller): Promise<Consent> {
    const said = consentOf(body);
    const changed =
      isUuid(id) &&
      (await this.messaging.command([], async (unit) => {
        if (!(await isThere(this.rows, unit.tx, authorityOf(caller), id))) return undefined;
        const change = await changeConsent(unit, id, said);
        if (!change) return undefined;
        if (isErased(change.stored)) throw gone();
        const returnee = registrationOf(change.stored);
        const errors = consentErrors(said, returnee);
        if (!isPlausibleConsentTime(said.at!, returnee.journey.arrivalDate, unit.now)) {
          const detail = 'at must not lie in the future';
          errors.push({ pointer: '/at', code: 'implausible-date', detail });
        }
        if (errors.length > 0) throw invalidFields(errors);
        return change.consent;
      }));
    if (!changed) throw unknown();
    return changed;
  }
}

function unknown(): Error {
  return problem(404, 'not-found', 'No returnee has this id.');
}
