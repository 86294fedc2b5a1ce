import { Body, Controller, Get, HttpStatus, Inject, Param, Post, Put, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Messaging, type Clock } from '@retorno/messaging';
import { CLOCK, invalidFields, problem } from '@retorno/service';
import type { Response } from 'express';
import { ConsentBody } from './consent-body';
import { parseInstant } from './dates';
import { isPlausibleConsentTime } from './manifest-row';
import { consentSchema, problemSchema, registeredSchema, returneeSchema } from './openapi';
import { changeConsent, register } from './registrar';
import { registrationOf } from './registration';
import { readReturneeBody } from './returnee-body';
import { ReturneeQuery } from './returnee-query';
import { isUuid } from './uuid';

/** Single returnees, under the same rules as a manifest's rows, and their consent. */
@ApiTags('intake')
@Controller('intake/returnees')
export class ReturneeController {
  constructor(
    private readonly messaging: Messaging,
    private readonly query: ReturneeQuery,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Register one returnee',
    description:
      "A manifest's columns as JSON, lists as arrays. The same (sending_authority, external_id) again answers 200 with " +
      'the same ids; what changed since is taken over.',
  })
  @ApiBody({ schema: returneeSchema })
  @ApiResponse({ status: 201, schema: registeredSchema })
  @ApiResponse({ status: 200, description: 'Known already', schema: registeredSchema })
  @ApiResponse({ status: 422, description: 'Names every wrong field', schema: problemSchema })
  async register(@Body() body: unknown, @Res({ passthrough: true }) response: Response) {
    const read = readReturneeBody(body, this.clock.now());
    if ('errors' in read) throw invalidFields(read.errors);
    const [registered] = await this.messaging.command([], (unit) => register(unit, [read.registration]));
    const { result, ...ids } = registered!;
    response.status(result === 'created' ? HttpStatus.CREATED : HttpStatus.OK);
    response.location(`/intake/returnees/${ids.returneeId}`);
    return ids;
  }

  @Get(':id')
  @ApiOperation({ summary: 'Everything that intake knows of a returnee' })
  @ApiParam({ name: 'id', format: 'uuid' })
  get(@Param('id') id: string) {
    return this.query.get(id);
  }

  @Put(':id/consent')
  @ApiOperation({
    summary: 'Consent granted, refused or withdrawn',
    description: 'The latest by `at` wins: an older one than is known answers 200 with the one that holds.',
  })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiResponse({ status: 200, description: 'The consent that holds now', schema: consentSchema })
  @ApiResponse({ status: 422, schema: problemSchema })
  async changeConsent(@Param('id') id: string, @Body() body: ConsentBody) {
    const at = parseInstant(body.at)!;
    const changed =
      isUuid(id) &&
      (await this.messaging.command([], async (unit) => {
        const change = await changeConsent(unit, id, { status: body.status, at });
        const arrival = change && registrationOf(change.stored).journey.arrivalDate;
        if (arrival && !isPlausibleConsentTime(at, arrival, unit.now)) {
          throw invalidFields([
            { pointer: '/at', code: 'implausible-date', detail: 'at must not lie in the future' },
          ]);
        }
        return change;
      }));
    if (!changed) throw problem(404, 'not-found', 'No returnee has this id.');
    return changed.consent;
  }
}
