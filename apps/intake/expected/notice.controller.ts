import { Body, Controller, Get, Inject, Param, Post, Put, Res, UseGuards } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Messaging, type Clock } from '@retorno/messaging';
import {
  Allow,
  CLOCK,
  type Caller,
  type FieldError,
  invalidFields,
  OwnRows,
  problem,
  Who,
} from '@retorno/service';
import type { Response } from 'express';
import { authorityOf, isThere, OwnReturnees } from '../registration/authority';
import { limaDay } from '../fields/dates';
import { PEPPER } from '../duplicates/duplicates';
import { ExpectedQuery, noticeView, type NoticeView } from './expected-query';
import { tell } from './news';
import { readNoticeBody } from './notice-body';
import { noticeBodySchema, noticeSchema, standingSchema } from './notice-openapi';
import { problemSchema, registeredSchema } from '../returnees/openapi';
import { registerOne } from '../registration/register-one';
import { readStanding, STANDING_FIELDS, TOLD_STAGES } from './standing-body';
import { isUuid } from '../fields/uuid';

/** What consulates tell of compatriots who are detained or about to return. */
@ApiTags('intake')
@Controller('intake/notices')
@UseGuards(OwnReturnees)
export class NoticeController {
  constructor(
    private readonly messaging: Messaging,
    private readonly rows: OwnRows,
    private readonly query: ExpectedQuery,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(PEPPER) private readonly pepper: Buffer,
  ) {}

  @Post()
  @Allow('intake', 'operations')
  @ApiOperation({
    summary: 'Announce a return: the case opens at once',
    description:
      'The same (sending_authority, external_id) again answers 200 with the same ids: the same notice changes nothing, ' +
      'another one is taken over until the returnee is on a manifest.',
  })
  @ApiBody({ schema: noticeBodySchema })
  @ApiResponse({ status: 201, schema: registeredSchema })
  @ApiResponse({ status: 200, description: 'Known already', schema: registeredSchema })
  @ApiResponse({ status: 422, description: 'Names every wrong field', schema: problemSchema })
  async announce(
    @Body() body: unknown,
    @Res({ passthrough: true }) response: Response,
    @Who() caller: Caller,
  ) {
    const read = readNoticeBody(body, this.clock.now());
    if ('errors' in read) throw invalidFields(read.errors);
    const { messaging, pepper } = this;
    return registerOne({ messaging, pepper, caller, response, route: '/intake/notices' }, read.registration);
  }

  @Get(':id')
  @Allow('intake', 'operations')
  @ApiOperation({ summary: "Where a return stands; the id is the returnee's" })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiResponse({ status: 200, schema: noticeSchema })
  get(@Param('id') id: string, @Who() caller: Caller): Promise<NoticeView> {
    return this.query.notice(id, authorityOf(caller));
  }

  @Put(':id')
  @Allow('intake', 'operations')
  @ApiOperation({
    summary: 'Where the return stands now: a transfer, a release, a flight, or no return at all',
    description: 'The whole of it: what is left out is not known any more. Arrivals are told by manifests.',
  })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiBody({ schema: standingSchema })
  @ApiResponse({ status: 200, schema: noticeSchema })
  @ApiResponse({ status: 409, description: 'The returnee has arrived', schema: problemSchema })
  @ApiResponse({ status: 422, description: 'Names every wrong field', schema: problemSchema })
  async change(@Param('id') id: string, @Body() body: unknown, @Who() caller: Caller): Promise<NoticeView> {
    const fields = asObject(body);
    const read = readStanding(fields, TOLD_STAGES, this.clock.now());
    const errors = [...unknownFields(fields), ...('errors' in read ? read.errors : [])];
    if ('errors' in read || errors.length > 0) throw invalidFields(errors);
    const told =
      isUuid(id) &&
      (await this.messaging.command([], async (unit) => {
        const isKnown = await isThere(this.rows, unit.tx, authorityOf(caller), id);
        return isKnown ? tell(unit, id, read.standing) : undefined;
      }));
    if (!told) throw problem(404, 'not-found', 'No returnee has this id.');
    return noticeView(told, limaDay(this.clock.now()));
  }
}

function asObject(body: unknown): Record<string, unknown> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return { ...body };
  throw invalidFields([{ pointer: '', code: 'wrong-type', detail: 'the body must be an object' }]);
}

function unknownFields(body: Record<string, unknown>): FieldError[] {
  return Object.keys(body)
    .filter((name) => !(STANDING_FIELDS as readonly string[]).includes(name))
    .map((name) => ({
      // RFC 6901.
      pointer: `/${name.slice(0, 60).replaceAll('~', '~0').replaceAll('/', '~1')}`,
      code: 'unknown-field',
      detail: `is none of ${STANDING_FIELDS.join(', ')}`,
    }));
}
