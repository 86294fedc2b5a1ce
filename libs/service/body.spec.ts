import { depthOf } from './body';

describe('the depth of a JSON body', () => {
  it('counts brackets outside strings only', () => {
    expect(depthOf(Buffer.from('{"a":[[1]]}'))).toBe(3);
    expect(depthOf(Buffer.from('{"a":"[[[[{{{{"}'))).toBe(1);
    expect(depthOf(Buffer.from('{"a":"\\"[[[","b":[]}'))).toBe(2);
  });

  it('is found without walking the tree, however deep', () => {
    expect(depthOf(Buffer.from('['.repeat(400_000)))).toBe(400_000);
  });
});
