import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Allow, type Caller, Who } from '@retorno/service';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { ReasonBody } from '../cases/case-bodies';
import { CaseQueries } from '../cases/case-queries';
import { Duplicates } from './duplicates';
import type { MergePreview } from './merge-preview';

const DECISIONS = ['same', 'different'] as const;

class DuplicateBody extends ReasonBody {
  @ApiProperty({ enum: DECISIONS })
  @IsIn(DECISIONS, { message: 'decision must be same or different' })
  decision!: (typeof DECISIONS)[number];

  @ApiPropertyOptional({
    description: 'With same: id or number of the case that goes on. Default: the one that was opened first',
  })
  @IsOptional()
  @IsString({ message: 'into must be the id or number of one of the two cases' })
  @MaxLength(64)
  into?: string;

  @ApiPropertyOptional({
    description:
      'With same: the fingerprint of the preview that was seen; 409 changed-meanwhile when it would not be that any more',
  })
  @IsOptional()
  @IsString({ message: 'seen must be the fingerprint of a preview' })
  @MaxLength(64)
  seen?: string;
}

class PreviewQuery {
  @ApiPropertyOptional({
    description: 'Id or number of the case that goes on. Default: the one that was opened first',
  })
  @IsOptional()
  @IsString({ message: 'into must be the id or number of one of the two cases' })
  @MaxLength(64)
  into?: string;
}

/** Two cases that may be about one person: a person decides. */
@ApiTags('cases')
@Controller('cases')
export class DuplicatesController {
  constructor(
    private readonly duplicates: Duplicates,
    private readonly queries: CaseQueries,
  ) {}

  @Get(':id/duplicates/:otherId')
  @Allow('operations-lead')
  @ApiOperation({
    summary: 'What deciding that two cases are about one person would do now, to the last referral',
    description:
      'It is done and taken back in one transaction, and refused as the decision would be. What lists do not show is ' +
      '`restricted` here too.',
  })
  preview(
    @Param('id') id: string,
    @Param('otherId') otherId: string,
    @Query() { into }: PreviewQuery,
  ): Promise<MergePreview> {
    return this.duplicates.preview(id, otherId, into);
  }

  @Post(':id/duplicates/:otherId')
  @Allow('operations-lead')
  @HttpCode(200)
  @ApiOperation({
    summary:
      'Decide whether two cases are about one person; the same: they become one and no referral is lost',
    description:
      'Answers the case that goes on (same), or the first one (different). What is impossible answers 409: a case that ' +
      'has ended or is closing, two that are one already, or two that nobody suspects (different).',
  })
  async decide(
    @Param('id') id: string,
    @Param('otherId') otherId: string,
    @Body() body: DuplicateBody,
    @Who() caller: Caller,
  ): Promise<object> {
    const { decision, reason, into, seen } = body;
    const asked = { note: reason, by: caller.name };
    const decided =
      decision === 'same'
        ? await this.duplicates.same(id, otherId, asked, { into, seen })
        : await this.duplicates.different(id, otherId, asked);
    return this.queries.get(decided, caller);
  }
}
