import { Body, Controller, Get, Param, Put, Query, type Type } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { AllowAgency, AllowKnown } from '@retorno/service';
import { IsInt, IsOptional, Matches, Max, Min, ValidateIf } from 'class-validator';
import { Offices } from './offices';

const CODE = /^[a-z][a-z0-9-]{0,62}$/;

class OfficesQuery {
  @ApiPropertyOptional({ description: 'Code of one of the services' })
  @IsOptional()
  @Matches(CODE, { message: 'service must be the code of a service' })
  service?: string;

  @ApiPropertyOptional({ description: 'INEI code of a district: the nearest offices come first' })
  @IsOptional()
  @Matches(/^[0-9]{6}$/, { message: 'ubigeo must be the six digits of a district' })
  ubigeo?: string;

  @ApiPropertyOptional({ description: 'ISO 639-1: the offices that speak it come first' })
  @IsOptional()
  @Matches(/^[a-z]{2}$/, { message: 'language must be two lower-case letters: es, qu, ay, en' })
  language?: string;
}

class CapacityBody {
  @ApiProperty({ description: 'Code of one of the services' })
  @Matches(CODE, { message: 'service must be the code of a service' })
  service!: string;

  @ApiProperty({ type: Number, nullable: true, description: 'Open referrals at once; null: any number' })
  @ValidateIf((body: CapacityBody) => body.capacity !== null)
  @IsInt({ message: 'capacity must be a whole number from 0 on, or null for no limit' })
  @Min(0, { message: 'capacity must be a whole number from 0 on, or null for no limit' })
  @Max(1_000_000, { message: 'capacity must be at most 1000000, or null for no limit' })
  capacity!: number | null;
}

/** An agency's offices: what is free where, and how many each can have at once. */
export function officesController(slug: string): Type {
  @ApiTags(`agency: ${slug}`)
  @Controller(`agencies/${slug}/offices`)
  class OfficesController {
    constructor(private readonly offices: Offices) {}

    @Get()
    @AllowKnown()
    @ApiOperation({
      operationId: `${slug}.offices`,
      summary: 'Offices with what is free and how many wait, the nearest first; no personal data is needed',
    })
    list(@Query() { service, ubigeo, language }: OfficesQuery) {
      return this.offices.list({ service, ubigeo, languages: language === undefined ? [] : [language] });
    }

    @Put(':code/capacity')
    @AllowAgency(slug, ['agency-worker', 'integration'])
    @ApiOperation({
      operationId: `${slug}.setCapacity`,
      summary: 'How many open referrals to a service an office can have at once',
    })
    setCapacity(@Param('code') code: string, @Body() { service, capacity }: CapacityBody) {
      return this.offices.setCapacity(code, service, capacity);
    }
  }
  return OfficesController;
}
