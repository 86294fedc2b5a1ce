import { mondayOf } from './week';

describe('the week', () => {
  it('begins on Monday at midnight in Lima, five hours behind UTC', () => {
    expect(mondayOf(new Date('2026-11-23T04:59:59Z'))).toBe('2026-11-16');
    expect(mondayOf(new Date('2026-11-23T05:00:00Z'))).toBe('2026-11-23');
    expect(mondayOf(new Date('2026-11-30T04:59:59Z'))).toBe('2026-11-23');
    expect(mondayOf(new Date('2027-01-01T12:00:00Z'))).toBe('2026-12-28');
  });
});
