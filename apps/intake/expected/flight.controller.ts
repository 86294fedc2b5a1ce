import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Messaging } from '@retorno/messaging';
import { Allow, invalidFields, OwnRows, PageQuery, Who, type Caller } from '@retorno/service';
import { authorityOf } from '../registration/authority';
import { CancelFlightBody } from './cancel-flight-body';
import { isCalendarDate } from '../fields/dates';
import { ExpectedQuery, type FlightView } from './expected-query';
import { FLIGHT } from '../manifests/manifest-row';
import { cancelFlight, type Flight } from './news';
import { cancelledSchema, flightSchema } from './notice-openapi';
import { problemSchema } from '../returnees/openapi';

/** Who is expected on which flight. */
@ApiTags('intake')
@Controller('intake/flights/:flight/:date')
@ApiParam({ name: 'flight', example: 'US431' })
@ApiParam({ name: 'date', example: '2026-12-03', description: 'The day of arrival in Peru' })
export class FlightController {
  constructor(
    private readonly messaging: Messaging,
    private readonly rows: OwnRows,
    private readonly query: ExpectedQuery,
  ) {}

  @Get()
  @Allow('intake', 'operations')
  @ApiOperation({ summary: 'Who is still expected on a flight' })
  @ApiResponse({ status: 200, schema: flightSchema })
  @ApiResponse({ status: 422, schema: problemSchema })
  get(
    @Param('flight') flight: string,
    @Param('date') date: string,
    @Query() { cursor, limit }: PageQuery,
    @Who() caller: Caller,
  ): Promise<FlightView> {
    return this.query.flight(checked(flight, date), { cursor, limit, authority: authorityOf(caller) });
  }

  @Post('cancel')
  @Allow('intake', 'operations')
  @HttpCode(200)
  @ApiOperation({
    summary: 'The flight will not go: everybody on it is expected without flight and day',
    description: 'Again, it changes nothing. Who has arrived by it stays arrived.',
  })
  @ApiResponse({ status: 200, schema: cancelledSchema })
  @ApiResponse({ status: 422, schema: problemSchema })
  async cancel(
    @Param('flight') flight: string,
    @Param('date') date: string,
    @Body() { reason }: CancelFlightBody,
    @Who() caller: Caller,
  ): Promise<Flight & { changed: number }> {
    const of = checked(flight, date);
    const authority = authorityOf(caller);
    const changed = await this.messaging.command([], (unit) =>
      cancelFlight(unit, of, { reason, authority, rows: this.rows.of(authority, unit.tx) }),
    );
    return { ...of, changed };
  }
}

function checked(flight: string, date: string): Flight {
  const errors = [
    ...(FLIGHT.test(flight)
      ? []
      : [{ pointer: '/flight', code: 'invalid-format', detail: 'flight must be like US431' }]),
    ...(isCalendarDate(date)
      ? []
      : [
          {
            pointer: '/date',
            code: 'invalid-date',
            detail: 'date must be a day that exists, like 2026-12-03',
          },
        ]),
  ];
  if (errors.length > 0) throw invalidFields(errors);
  return { flight, date };
}
