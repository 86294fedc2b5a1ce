import {
  Body,
  Controller,
  Get,
  HttpCode,
  Inject,
  Param,
  ParseUUIDPipe,
  Post,
  Query,
  Req,
} from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Allow, noteAbout, PageQuery, problem, SETTINGS, Text } from '@retorno/service';
import { IsIn, IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator';
import type { Request } from 'express';
import { Links } from './links';
import { Roundtable } from './roundtable';
import { PortalSettings } from './settings';
import { LANGUAGES, type Language } from './texts/texts';

const DEFAULT_DAYS = 30;
const MOST_DAYS = 365;

class LinkBody {
  @ApiProperty({ format: 'uuid' })
  @IsUUID(undefined, { message: 'caseId must be the id of a case' })
  caseId!: string;

  @ApiPropertyOptional({ enum: LANGUAGES, description: 'Default: es' })
  @IsOptional()
  @IsIn(LANGUAGES, { message: `language must be one of ${LANGUAGES.join(', ')}` })
  language?: Language;

  @ApiPropertyOptional({ minimum: 1, maximum: MOST_DAYS, description: `Default: ${DEFAULT_DAYS}` })
  @IsOptional()
  @IsInt({ message: `days must be a whole number from 1 to ${MOST_DAYS}` })
  @Min(1, { message: `days must be a whole number from 1 to ${MOST_DAYS}` })
  @Max(MOST_DAYS, { message: `days must be a whole number from 1 to ${MOST_DAYS}` })
  days?: number;
}

class LinkQuery extends PageQuery {
  @ApiProperty({ format: 'uuid' })
  @IsUUID(undefined, { message: 'caseId must be the id of a case' })
  caseId!: string;
}

class RevokeBody {
  @Text(500)
  reason!: string;
}

/** Operations give returnees their links, and take them back. */
@ApiTags('portal')
@Controller('portal/links')
export class LinksController {
  constructor(
    private readonly links: Links,
    private readonly roundtable: Roundtable,
    @Inject(SETTINGS) private readonly settings: PortalSettings,
  ) {}

  @Post()
  @Allow('operations')
  @ApiOperation({ summary: 'A link to the page of one case; its address is shown this once' })
  async make(
    @Body() { caseId, language = 'es', days = DEFAULT_DAYS }: LinkBody,
    @Req() request: Request,
  ): Promise<object> {
    const found = await this.roundtable.findCase(caseId);
    if (!found) throw problem(404, 'case-not-found', 'There is no case with this id.');
    // Whose page can be opened from now on: the address says nothing of it.
    noteAbout(request, [`case:${caseId}`, `case:${found.number}`]);
    const { id, token, expiresAt } = await this.links.make(caseId, language, days);
    return { id, url: `${this.settings.PUBLIC_URL.replace(/\/$/, '')}/portal/my/${token}`, expiresAt };
  }

  @Get()
  @Allow('operations', 'auditor')
  @ApiOperation({ summary: 'The links of a case, newest first' })
  list(@Query() { caseId, ...query }: LinkQuery): Promise<object> {
    return this.links.ofCase(caseId, query);
  }

  @Post(':id/revoke')
  @Allow('operations')
  @HttpCode(200)
  @ApiOperation({ summary: 'End a link at once' })
  async revoke(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { reason }: RevokeBody,
    @Req() request: Request,
  ): Promise<object> {
    const revoked = await this.links.revoke(id, reason);
    noteAbout(request, [`case:${revoked.caseId}`]);
    return revoked;
  }
}
