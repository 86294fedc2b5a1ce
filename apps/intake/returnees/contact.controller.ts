import { Body, Controller, Get, Inject, Param, Put, Query, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiProperty, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Messaging } from '@retorno/messaging';
import { Allow, OwnRows, problem, Who, type Caller } from '@retorno/service';
import { IsUUID, ValidateBy } from 'class-validator';
import { authorityOf, isThere, OwnReturnees, ownedBy } from '../registration/authority';
import { announceDuplicates, PEPPER } from '../duplicates/duplicates';
import { gone } from '../erasure/erasure';
import { isPhone } from '../manifests/manifest-row';
import { problemSchema } from './openapi';
import { restate, takeTurn } from '../registration/registrar';
import { effectOf, isErased, registrationOf } from '../registration/registration';
import { readReturnees } from '../registration/returnee-table';
import { withPhone } from '../registration/told-phone';
import { isUuid } from '../fields/uuid';

class ContactBody {
  @ApiProperty({ description: 'E.164: +, country code and digits, no spaces' })
  @ValidateBy({
    name: 'isPhone',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && isPhone(value),
      defaultMessage: () =>
        'phone must be a telephone number in E.164: +, country code and digits, no spaces',
    },
  })
  phone!: string;
}

class OfCaseQuery {
  @ApiProperty({ format: 'uuid' })
  @IsUUID(undefined, { message: 'caseId must be the id of a case' })
  caseId!: string;
}

/** How a returnee is reached, as they say it themselves. */
@ApiTags('intake')
@Controller('intake/returnees')
@UseGuards(OwnReturnees)
export class ContactController {
  constructor(
    private readonly messaging: Messaging,
    private readonly rows: OwnRows,
    @Inject(PEPPER) private readonly pepper: Buffer,
  ) {}

  @Get()
  @Allow('intake', 'operations', 'portal')
  @ApiOperation({ summary: 'Whose case it is: one returnee or none' })
  async ofCase(@Query() { caseId }: OfCaseQuery, @Who() caller: Caller): Promise<object> {
    const authority = authorityOf(caller);
    const reading = { tx: this.rows.of(authority), keyring: this.messaging.keyring() };
    const where = `where case_id = $1 and ${ownedBy(2, 'id')}`;
    const found = await readReturnees(reading, where, [caseId, authority ?? null]);
    const items = found.map(({ id, caseNumber }) => ({ returneeId: id, caseId, caseNumber }));
    return { items, next: null };
  }

  @Put(':id/contact')
  @Allow('intake', 'operations', 'portal')
  @ApiOperation({
    summary: 'A new telephone number',
    description:
      'The agencies that see the contact are told. A later row that repeats the old number does not undo it; a row with ' +
      'another one does.',
  })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiResponse({ status: 422, schema: problemSchema })
  async change(
    @Param('id') id: string,
    @Body() { phone }: ContactBody,
    @Who() caller: Caller,
  ): Promise<ContactBody> {
    const known =
      isUuid(id) &&
      (await this.messaging.command([], async (unit) => {
        if (!(await isThere(this.rows, unit.tx, authorityOf(caller), id))) return false;
        await takeTurn(unit);
        const [stored] = await readReturnees(unit, 'where id = $1 for update', [id]);
        if (!stored) return false;
        if (isErased(stored)) throw gone();
        // News of the phone says nothing of consent.
        const row = { ...withPhone(registrationOf(stored), phone), consent: stored.stated };
        const changed = await restate(unit, [{ row, stored, effect: effectOf(stored, row, unit.now) }]);
        await announceDuplicates(
          unit,
          changed.map((entry) => entry.stored.id),
          this.pepper,
        );
        return true;
      }));
    if (!known) throw problem(404, 'not-found', 'No returnee has this id.');
    return { phone };
  }
}
