import { describe, expect, it } from 'vitest';
import { isPrivateAddress } from '../../sandbox/address.ts';

describe('addresses that the door refuses', () => {
  it.each([
    '127.0.0.1',
    '127.9.9.9',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.100.100.200',
    '::1',
    '::',
    'fe80::1',
    'fe80::1%eth0',
    'fd00:ec2::254',
    'fc00::1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::a00:1',
  ])('%s', (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  it.each(['203.0.113.7', '198.51.100.1', '172.32.0.1', '172.15.0.1', '11.0.0.1', '104.16.0.1', '2606:4700::1', '::ffff:104.16.0.1'])(
    'lets %s be',
    (address) => {
      expect(isPrivateAddress(address)).toBe(false);
    },
  );
});
