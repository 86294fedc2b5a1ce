import { ValidateBy, type ValidationOptions } from 'class-validator';
import { parseInstant } from './dates';

/** RFC 3339 with offset, of a day that exists. */
export function IsInstant(options: ValidationOptions): PropertyDecorator {
  const validate = (value: unknown) => typeof value === 'string' && parseInstant(value) !== undefined;
  return ValidateBy({ name: 'isInstant', validator: { validate } }, options);
}
