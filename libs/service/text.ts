/** Free text in request bodies: one rule, one error, and its place in the API's description. */
import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, ValidateBy } from 'class-validator';

// PostgreSQL keeps neither a NUL nor half a surrogate pair.
const UNSTORABLE = /\u0000|\p{Cs}/u;

/** Whether a database can keep the text. */
export function isStorable(text: string): boolean {
  return !UNSTORABLE.test(text);
}

function isText(max: number): PropertyDecorator {
  return ValidateBy({
    name: 'isText',
    validator: {
      validate: (value: unknown) =>
        typeof value === 'string' && value.trim() !== '' && value.length <= max && isStorable(value),
      defaultMessage: (args) => `${args?.property} is required: text of 1 to ${max} characters`,
    },
  });
}

/** Required text of at most `max` characters. */
export function Text(max: number): PropertyDecorator {
  return applyDecorators(ApiProperty({ type: String, minLength: 1, maxLength: max }), isText(max));
}

/** Text of at most `max` characters that may be left out. */
export function OptionalText(max: number): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: String, minLength: 1, maxLength: max }),
    IsOptional(),
    isText(max),
  );
}
