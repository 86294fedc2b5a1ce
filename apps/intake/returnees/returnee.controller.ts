import { Body, Controller, Get, Inject, Param, Post, Res, UseGuards } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Messaging, type Clock } from '@retorno/messaging';
import { Allow, CLOCK, invalidFields, Who, type Caller } from '@retorno/service';
import type { Response } from 'express';
import { authorityOf, OwnReturnees } from '../registration/authority';
import { PEPPER } from '../duplicates/duplicates';
import { problemSchema, registeredSchema, returneeSchema } from './openapi';
import { registerOne } from '../registration/register-one';
import { readReturneeBody } from './returnee-body';
import { shownTo } from './masking';
import { ReturneeQuery } from './returnee-query';

/** Single returnees, under the same rules as a manifest's rows. */
@ApiTags('intake')
@Controller('intake/returnees')
@UseGuards(OwnReturnees)
export class ReturneeController {
  constructor(
    private readonly messaging: Messaging,
    private readonly query: ReturneeQuery,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(PEPPER) private readonly pepper: Buffer,
  ) {}

  @Post()
  @Allow('intake', 'operations')
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
  async register(
    @Body() body: unknown,
    @Res({ passthrough: true }) response: Response,
    @Who() caller: Caller,
  ) {
    const read = readReturneeBody(body, this.clock.now());
    if ('errors' in read) throw invalidFields(read.errors);
    const { messaging, pepper } = this;
    return registerOne(
      { messaging, pepper, caller, response, route: '/intake/returnees' },
      read.registration,
    );
  }

  @Get(':id')
  @Allow('intake', 'operations')
  @ApiOperation({
    summary: 'Everything that intake knows of a returnee',
    description:
      'What is restricted (violence, trafficking, children alone, health) only to whoever registers.',
  })
  @ApiParam({ name: 'id', format: 'uuid' })
  get(@Param('id') id: string, @Who() caller: Caller) {
    return this.query.get(id, authorityOf(caller)).then((view) => shownTo(caller, view));
  }
}
