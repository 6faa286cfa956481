// Archives with any entries, also such as no honest tool would write.
import { createHash, randomBytes } from 'node:crypto';
import { constants, crc32, deflateRawSync, gzipSync } from 'node:zlib';

/** An entry of a tar archive. `type` 0 is a file, 1 a hard link, 2 a symbolic link, 3 a device, 6 a FIFO: POSIX.1-1988 ustar. */
export interface TarEntry {
  readonly name: string;
  readonly text?: string | Buffer;
  readonly type?: '0' | '1' | '2' | '3' | '6';
  readonly link?: string;
  readonly mode?: string;
}

/** A gzipped tar archive. */
export function tarball(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap((entry) => {
    const data = Buffer.from(entry.text ?? '');
    return [header(entry, data.length), data, Buffer.alloc((512 - (data.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

/**
 * A gzipped tar archive of `count` files of `megabytes` each, made without unpacking it: blocks of deflate that end in a full flush can be
 * repeated. What repeats is 16 kB long, so that the ratio is one that npm lets pass.
 */
export function bomb(count: number, megabytes: number): Buffer {
  const packs: Buffer[] = [];
  let sum = 0;
  let size = 0;
  const add = (data: Buffer, packed: Buffer) => {
    sum = crc32(data, sum);
    size += data.length;
    packs.push(packed);
  };
  const flushed = (data: Buffer) => deflateRawSync(data, { finishFlush: constants.Z_FULL_FLUSH });
  const block = Buffer.alloc(1024 * 1024, randomBytes(16_384));
  const packed = flushed(block);
  for (let file = 0; file < count; file++) {
    const head = header({ name: `package/filler-${file}` }, megabytes * block.length);
    add(head, flushed(head));
    for (let i = 0; i < megabytes; i++) add(block, packed);
  }
  const tail = Buffer.alloc(1024);
  add(tail, deflateRawSync(tail));
  const end = Buffer.alloc(8);
  end.writeUInt32LE(sum, 0);
  end.writeUInt32LE(size % 2 ** 32, 4);
  return Buffer.concat([Buffer.from('1f8b08000000000000ff', 'hex'), ...packs, end]);
}

function header({ name, type = '0', link = '', mode = '0000644' }: TarEntry, size: number): Buffer {
  const head = Buffer.alloc(512);
  head.write(name, 0, 100);
  head.write(`${mode}\0`, 100);
  head.write('0000000\0'.repeat(2), 108);
  head.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  head.write('00000000000\0', 136);
  head.write('        ', 148);
  head.write(type, 156);
  head.write(link, 157, 100);
  head.write('ustar\u000000', 257);
  const sum = head.reduce((a, b) => a + b, 0);
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return head;
}

/** A zip archive, uncompressed: APPNOTE 6.3, local headers, central directory, end record. */
export function zip(files: Readonly<Record<string, string>>): Buffer {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const [name, text] of Object.entries(files)) {
    const data = Buffer.from(text);
    const label = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x21, 8);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(label.length, 22);
    const local = Buffer.concat([Buffer.from('504b0304', 'hex'), common, label, data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(0o100644 * 65_536, 6);
    tail.writeUInt32LE(at, 10);
    central.push(Buffer.concat([Buffer.from('504b01021400', 'hex'), common, tail, label]));
    parts.push(local);
    at += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('504b0506', 0, 'hex');
  end.writeUInt16LE(central.length, 8);
  end.writeUInt16LE(central.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, directory, end]);
}

/** A wheel (the binary distribution format) of `name` at `version` with these files. */
export function wheel(name: string, version: string, files: Readonly<Record<string, string>>, requires: readonly string[] = []): Buffer {
  const info = `${name}-${version}.dist-info`;
  const metadata = ['Metadata-Version: 2.1', `Name: ${name}`, `Version: ${version}`, ...requires.map((one) => `Requires-Dist: ${one}`), ''];
  const all: Record<string, string> = {
    ...files,
    [`${info}/METADATA`]: metadata.join('\n'),
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
  };
  const hash = (text: string) => createHash('sha256').update(text).digest('base64url');
  const record = Object.entries(all).map(([path, text]) => `${path},sha256=${hash(text)},${Buffer.byteLength(text)}`);
  return zip({ ...all, [`${info}/RECORD`]: `${[...record, `${info}/RECORD,,`].join('\n')}\n` });
}
