import { routeOf } from './service';

describe('the route of an address', () => {
  const routes = new Map([
    ['/agencies', 'coordinator'],
    ['/agencies/health', 'health'],
    ['/cases', 'coordinator'],
  ]);

  it('is the longest one that is the path or a parent of it', () => {
    expect(routeOf(routes, '/agencies/health/referrals?status=received')).toBe('health');
    expect(routeOf(routes, '/agencies?limit=3')).toBe('coordinator');
    expect(routeOf(routes, '/cases/RT-2026-000001')).toBe('coordinator');
  });

  it('is nobody’s when only a part of a segment agrees', () => {
    expect(routeOf(routes, '/casesandmore')).toBeUndefined();
    expect(routeOf(routes, '/')).toBeUndefined();
    expect(routeOf(routes, '/agencies/healthy')).toBe('coordinator');
  });
});
