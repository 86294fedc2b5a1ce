import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';

export class CancelFlightBody {
  @ApiProperty({ description: 'Why, for people', maxLength: 200 })
  @IsString({ message: 'reason must be text' })
  @Length(1, 200, { message: 'reason must have 1 to 200 characters' })
  reason!: string;
}
