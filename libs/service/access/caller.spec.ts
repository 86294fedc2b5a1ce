import { callerOf, UnusableToken } from './caller';

describe('who a token says its holder is', () => {
  it('has the roles that mean something here, and no others', () => {
    const caller = callerOf({ sub: 'u1', name: 'Ana', roles: ['auditor', 'offline_access', 'root'] });
    expect(caller).toEqual({ subject: 'u1', name: 'Ana', roles: new Set(['auditor']) });
    for (const roles of [undefined, null, 'operations', { operations: true }, [['operations']]]) {
      expect(callerOf({ sub: 'u1', roles }).roles).toEqual(new Set());
    }
  });

  it('is one of operations when a lead, and no lead when one of operations', () => {
    expect(callerOf({ sub: 'u1', roles: ['operations-lead'] }).roles).toContain('operations');
    expect(callerOf({ sub: 'u1', roles: ['operations'] }).roles).not.toContain('operations-lead');
  });

  it('is called by the name, the login name, the client or at least the id', () => {
    const claims = { sub: 'u1', client_id: 'c', preferred_username: 'ana', name: 'Ana' };
    expect(callerOf(claims).name).toBe('Ana');
    expect(callerOf({ ...claims, name: '' }).name).toBe('ana');
    expect(callerOf({ sub: 'u1', client_id: 'c' }).name).toBe('c');
    expect(callerOf({ sub: 'u1' }).name).toBe('u1');
  });

  it('belongs to an agency when the role does', () => {
    for (const role of ['agency-worker', 'integration']) {
      expect(() => callerOf({ sub: 'u1', roles: [role] })).toThrow(UnusableToken);
      expect(() => callerOf({ sub: 'u1', roles: [role], agency: '*' })).toThrow(UnusableToken);
      expect(callerOf({ sub: 'u1', roles: [role], agency: 'health' }).agency).toBe('health');
    }
  });

  it('is nobody without a subject', () => {
    expect(() => callerOf({ roles: ['operations'] })).toThrow(UnusableToken);
    expect(() => callerOf({ sub: 7 })).toThrow(UnusableToken);
  });
});
