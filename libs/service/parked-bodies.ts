/** What people send about parked messages. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsInt, IsNumber, IsObject, IsOptional, Max, Min } from 'class-validator';
import { OptionalText, Text } from './text';

/** Most streams of one redrive. */
const MOST_STREAMS = 10_000;
/** Most streams that a redrive begins in a second: the service has its daily work as well. */
const MOST_PER_SECOND = 50;

export class SkipBody {
  @Text(500)
  reason!: string;
}

export class ClaimParkedBody {
  @OptionalText(500)
  note?: string;

  @ApiPropertyOptional({ description: 'Also when somebody else looks into it' })
  @IsOptional()
  @IsBoolean()
  takeOver?: boolean;
}

/** All that stand still at one service for one cause. */
export class GroupBody {
  /** The service that they are parked at. */
  @Text(100)
  service!: string;

  @Text(500)
  cause!: string;
}

export class ClaimGroupBody extends GroupBody {
  @OptionalText(500)
  note?: string;
}

export class EditBody {
  @ApiProperty({ type: Object, description: 'The data without what is sealed; it must fit the contract' })
  @IsObject()
  data!: Record<string, unknown>;

  @Text(500)
  reason!: string;
}

export class RedrivesBody {
  /** The service that they are parked at. */
  @Text(100)
  service!: string;

  @OptionalText(500)
  cause?: string;

  @ApiPropertyOptional({
    description: `Streams, the longest standing first: 1 to ${MOST_STREAMS}, default all`,
  })
  @IsOptional()
  @IsInt({ message: `count must be a whole number from 1 to ${MOST_STREAMS}` })
  @Min(1)
  @Max(MOST_STREAMS)
  count?: number;

  @ApiPropertyOptional({ description: `Streams begun each second: 0.1 to ${MOST_PER_SECOND}, default 5` })
  @IsOptional()
  @IsNumber({}, { message: `perSecond must be a number from 0.1 to ${MOST_PER_SECOND}` })
  @Min(0.1)
  @Max(MOST_PER_SECOND)
  perSecond?: number;

  /** The order as messaging takes it. */
  static orderOf({ cause, count = MOST_STREAMS, perSecond = 5 }: RedrivesBody): {
    cause?: string | undefined;
    count: number;
    perSecond: number;
  } {
    return { cause, count, perSecond };
  }
}
