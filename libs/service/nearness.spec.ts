import type { Office } from '@retorno/contracts';
import { nearestOffices, servesAt } from './nearness';

const office = (code: string, ubigeoInei: string, more: Partial<Office> = {}): Office => ({
  code,
  name: `Office ${code}`,
  ubigeoInei,
  ...more,
});

const offices = [
  office('iquitos', '160101'),
  office('cusco', '080101', { languages: ['es', 'qu'] }),
  office('lima', '150101'),
  office('huaral', '150601'),
  office('miraflores', '150122'),
  office('callao', '070101'),
  office('tacna', '230101', { services: ['shoes'], languages: ['es', 'ay'] }),
];
const codes = (...asked: Parameters<typeof nearestOffices>) => nearestOffices(...asked).map((o) => o.code);

describe('the nearest office', () => {
  it('is in the district, else in the province, else in the department', () => {
    expect(codes(offices, 'wishes', { ubigeo: '150122' }).slice(0, 3)).toEqual([
      'miraflores',
      'lima',
      'huaral',
    ]);
    // Another district of the province of Lima, and another province of its department.
    expect(codes(offices, 'wishes', { ubigeo: '150140' }).slice(0, 3)).toEqual([
      'lima',
      'miraflores',
      'huaral',
    ]);
    expect(codes(offices, 'wishes', { ubigeo: '150605' })[0]).toBe('huaral');
  });

  it('is else in the nearest department', () => {
    // Moquegua: Tacna is nearest and does not offer it.
    expect(codes(offices, 'wishes', { ubigeo: '180101' })[0]).toBe('cusco');
    expect(codes(offices, 'shoes', { ubigeo: '180101' })[0]).toBe('tacna');
    // Ica: Lima before Callao, both before Cusco and Iquitos.
    expect(codes(offices, 'wishes', { ubigeo: '110101' })).toEqual([
      'lima',
      'huaral',
      'miraflores',
      'callao',
      'cusco',
      'iquitos',
    ]);
  });

  it('speaks a language of the person first, however far it is', () => {
    expect(codes(offices, 'wishes', { ubigeo: '150101', languages: ['qu'] })[0]).toBe('cusco');
    expect(codes(offices, 'wishes', { ubigeo: '150101', languages: ['qu', 'es'] })[0]).toBe('lima');
    expect(codes(offices, 'wishes', { ubigeo: '150101', languages: ['zh'] })[0]).toBe('lima');
  });

  it('is the first declared when nothing is known of the person', () => {
    expect(codes(offices, 'wishes', {})[0]).toBe('iquitos');
    expect(codes(offices, 'wishes', { languages: [] })[0]).toBe('iquitos');
  });

  it('never is one that does not offer the service', () => {
    expect(codes(offices, 'wishes', { ubigeo: '230101' })).not.toContain('tacna');
    expect(servesAt(offices[6]!, 'shoes')).toBe(true);
    expect(servesAt(offices[6]!, 'wishes')).toBe(false);
  });
});
