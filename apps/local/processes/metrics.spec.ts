import { mergedMetrics } from './metrics';

const page = (process: string, outbox: number) => ({
  process,
  text: [
    '# HELP retorno_outbox Events that the transport has not acknowledged',
    '# TYPE retorno_outbox gauge',
    `retorno_outbox{service="health",note="a } b"} ${outbox}`,
    '',
    '# HELP seconds How long',
    '# TYPE seconds histogram',
    'seconds_bucket{le="+Inf"} 3',
    'seconds_sum 1.5',
    'seconds_count 3',
    '',
  ].join('\n'),
});

describe('metrics of several processes', () => {
  it('say each HELP and TYPE once, before all series of the metric, and which process a series is from', () => {
    expect(mergedMetrics([page('health', 1), page('health-2', 2)]).split('\n')).toEqual([
      '# HELP retorno_outbox Events that the transport has not acknowledged',
      '# TYPE retorno_outbox gauge',
      'retorno_outbox{service="health",note="a } b",process="health"} 1',
      'retorno_outbox{service="health",note="a } b",process="health-2"} 2',
      '# HELP seconds How long',
      '# TYPE seconds histogram',
      'seconds_bucket{le="+Inf",process="health"} 3',
      'seconds_sum{process="health"} 1.5',
      'seconds_count{process="health"} 3',
      'seconds_bucket{le="+Inf",process="health-2"} 3',
      'seconds_sum{process="health-2"} 1.5',
      'seconds_count{process="health-2"} 3',
      '',
    ]);
  });
});
