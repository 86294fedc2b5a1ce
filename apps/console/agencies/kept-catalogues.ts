import { Injectable } from '@nestjs/common';
import { KeptBriefly } from '@retorno/service';
import { Services, type Asking } from '../services';
import { cataloguesFor, type Catalogue } from './catalogues';

/** Names change when an agency publishes, ms. */
const KEPT_MS = 10_000;

/** The catalogues where only names are taken from them: the same for everybody, and not asked for at every page. */
@Injectable()
export class KeptCatalogues {
  private readonly kept = new KeptBriefly<readonly Catalogue[]>(KEPT_MS);

  constructor(private readonly services: Services) {}

  get(request: Asking): Promise<readonly Catalogue[]> {
    return this.kept.get(() => cataloguesFor(this.services, request));
  }
}
