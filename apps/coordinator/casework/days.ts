/** Days in Lima as addresses have them. */
import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, ValidateBy } from 'class-validator';

/** A day that may be left out of a query; `what` it is the beginning of. */
export function OptionalDay(what: string): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ format: 'date', description: `${what} since this day in Lima: YYYY-MM-DD` }),
    IsOptional(),
    ValidateBy({
      name: 'isDay',
      validator: {
        validate: isDay,
        defaultMessage: (args) => `${args?.property} must be a day: YYYY-MM-DD`,
      },
    }),
  );
}

function isDay(text: unknown): boolean {
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** When a day begins in Lima (UTC-5 all year). */
export function beginningOf(day: string): string {
  return `${day}T00:00:00-05:00`;
}
