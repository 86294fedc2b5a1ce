import { HttpStatus } from '@nestjs/common';
import type { Messaging } from '@retorno/messaging';
import type { Caller } from '@retorno/service';
import type { Response } from 'express';
import { assertOwn } from './authority';
import { register, type Registered } from './registrar';
import type { Registration } from '../manifests/manifest-row';

/** Who registers, with what, and where the registration can be read afterwards. */
interface Registering {
  readonly messaging: Messaging;
  readonly pepper: Buffer;
  readonly caller: Caller;
  readonly response: Response;
  /** Such as `/intake/returnees`. */
  readonly route: string;
}

/** Registers one returnee: 201, or 200 when they were known already. Throws problem 422 for another authority's. */
export async function registerOne(
  { messaging, pepper, caller, response, route }: Registering,
  registration: Registration,
): Promise<Omit<Registered, 'result'>> {
  assertOwn(caller, registration);
  const [registered] = await messaging.command([], (unit) => register(unit, [registration], pepper));
  const { result, ...ids } = registered!;
  response.status(result === 'created' ? HttpStatus.CREATED : HttpStatus.OK);
  response.location(`${route}/${ids.returneeId}`);
  return ids;
}
