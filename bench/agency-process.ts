/** One of the benchmark's agencies in a process of its own; BENCH_AGENCY is its slug. */
import { agencyService } from '@retorno/agency';
import { runService } from '@retorno/service';
import { benchAgencies } from './fixtures';

const slug = process.env['BENCH_AGENCY'];
const agency = benchAgencies().find((one) => one.slug === slug);
if (!agency) throw new Error(`BENCH_AGENCY must be one of the benchmark's agencies, not ${slug}`);
void runService(agencyService(agency));
