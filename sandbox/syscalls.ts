// System call numbers of what the box's filter names. From the kernel's arch/x86/entry/syscalls/syscall_64.tbl
// and include/uapi/asm-generic/unistd.h (arm64); -1 where an architecture has no such call.

type Row = readonly [name: string, x64: number, arm64: number];

/** Refused with EPERM: the kernel's own doors (mounts, namespaces, tracing, modules, keys, clocks). */
export const REFUSED: readonly Row[] = [
  ['unshare', 272, 97],
  ['setns', 308, 268],
  ['mount', 165, 40],
  ['umount2', 166, 39],
  ['pivot_root', 155, 41],
  ['chroot', 161, 51],
  ['open_tree', 428, 428],
  ['move_mount', 429, 429],
  ['fsopen', 430, 430],
  ['fsconfig', 431, 431],
  ['fsmount', 432, 432],
  ['fspick', 433, 433],
  ['mount_setattr', 442, 442],
  ['open_tree_attr', 467, 467],
  ['open_by_handle_at', 304, 265],
  ['name_to_handle_at', 303, 264],
  ['ptrace', 101, 117],
  ['process_vm_readv', 310, 270],
  ['process_vm_writev', 311, 271],
  ['process_madvise', 440, 440],
  ['pidfd_getfd', 438, 438],
  ['kcmp', 312, 272],
  ['bpf', 321, 280],
  ['perf_event_open', 298, 241],
  ['userfaultfd', 323, 282],
  ['fanotify_init', 300, 262],
  ['add_key', 248, 217],
  ['request_key', 249, 218],
  ['keyctl', 250, 219],
  ['kexec_load', 246, 104],
  ['kexec_file_load', 320, 294],
  ['init_module', 175, 105],
  ['finit_module', 313, 273],
  ['delete_module', 176, 106],
  ['reboot', 169, 142],
  ['swapon', 167, 224],
  ['swapoff', 168, 225],
  ['acct', 163, 89],
  ['quotactl', 179, 60],
  ['quotactl_fd', 443, 443],
  ['syslog', 103, 116],
  ['settimeofday', 164, 170],
  ['clock_settime', 227, 112],
  ['clock_adjtime', 305, 266],
  ['adjtimex', 159, 171],
  ['sethostname', 170, 161],
  ['setdomainname', 171, 162],
  ['vhangup', 153, 58],
  ['move_pages', 279, 239],
  ['migrate_pages', 256, 238],
  ['lookup_dcookie', 212, 18],
  ['iopl', 172, -1],
  ['ioperm', 173, -1],
  ['modify_ldt', 154, -1],
  ['uselib', 134, -1],
  ['nfsservctl', 180, 42],
  ['mknod', 133, -1],
];

/** Answered with ENOSYS, so that programs fall back to an older call which the filter can read. */
export const ABSENT: readonly Row[] = [
  ['clone3', 435, 435],
  ['io_uring_setup', 425, 425],
  ['io_uring_enter', 426, 426],
  ['io_uring_register', 427, 427],
];

/** Memory that belongs to no process, so that only a control group counts it: answered with ENOSYS where there is none. */
export const UNCOUNTED: readonly Row[] = [
  ['memfd_create', 319, 279],
  ['memfd_secret', 447, 447],
  ['shmget', 29, 194],
];

/** Calls that are allowed or refused by an argument. */
export const LOOKED_AT = {
  x64: { socket: 41, socketpair: 53, clone: 56, ioctl: 16 },
  arm64: { socket: 198, socketpair: 199, clone: 220, ioctl: 29 },
} as const;
