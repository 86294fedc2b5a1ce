import { isUtf8 } from 'node:buffer';

/** Where a file stops being UTF-8: byte offset from 0, physical line from 1. */
export interface Utf8Fault {
  offset: number;
  line: number;
}

const NEWLINE = 0x0a;

/** Checks a file that comes in pieces; a character may be cut by the end of a piece. */
export class Utf8Check {
  private rest: Buffer = Buffer.alloc(0);
  private offset = 0;
  private line = 1;
  private atLineStart = true;

  /** Physical lines seen so far; a last line without line feed counts too. */
  get lines(): number {
    return this.atLineStart ? this.line - 1 : this.line;
  }

  /** The first fault, as soon as it is seen. */
  push(piece: Uint8Array): Utf8Fault | undefined {
    const bytes = Buffer.concat([this.rest, piece]);
    if (bytes.length > 0) this.atLineStart = bytes.at(-1) === NEWLINE;
    const whole = bytes.subarray(0, wholeCharacters(bytes));
    if (!isUtf8(whole)) return this.locate(whole);
    this.offset += whole.length;
    this.line += count(whole, NEWLINE);
    this.rest = bytes.subarray(whole.length);
    return undefined;
  }

  /** At the end of the file: a fault when its last character is cut. */
  end(): Utf8Fault | undefined {
    return this.rest.length > 0 ? this.locate(this.rest) : undefined;
  }

  private locate(bytes: Buffer): Utf8Fault {
    let start = 0;
    let line = this.line;
    for (;;) {
      const newline = bytes.indexOf(NEWLINE, start);
      const end = newline < 0 ? bytes.length : newline;
      if (newline < 0 || !isUtf8(bytes.subarray(start, end))) {
        const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(start, end));
        const good = text.slice(0, text.indexOf('\uFFFD'));
        return { offset: this.offset + start + Buffer.byteLength(good), line };
      }
      start = end + 1;
      line++;
    }
  }
}

/** Length without a last character that is not complete yet. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}

function count(bytes: Buffer, byte: number): number {
  let n = 0;
  for (let at = bytes.indexOf(byte); at >= 0; at = bytes.indexOf(byte, at + 1)) n++;
  return n;
}
