/** When a page was asked for, by the clock that the rules go by: what is late here is late there. */
import { Inject, Injectable, type NestMiddleware } from '@nestjs/common';
import type { Clock } from '@retorno/messaging';
import { CLOCK } from '@retorno/service';
import type { NextFunction, Request, Response } from 'express';

const moments = new WeakMap<Request, Date>();

@Injectable()
export class MomentMiddleware implements NestMiddleware {
  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  use(request: Request, _response: Response, next: NextFunction): void {
    moments.set(request, this.clock.now());
    next();
  }
}

/** When a request came. */
export function momentOf(request: Request): Date {
  return moments.get(request) ?? new Date();
}
