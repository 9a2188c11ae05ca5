"""The kernel's own filter: a list of the system calls that computing needs; any other ends the process.

A filter can neither be taken off nor loosened by what runs under it.
See seccomp(2), linux/seccomp.h, linux/audit.h.
"""

import ctypes
import errno
import os
import signal
import struct

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38
SECCOMP_MODE_FILTER = 2

ALLOW = 0x7FFF0000
KILL_PROCESS = 0x80000000
ERRNO = 0x00050000

# struct seccomp_data: int nr; __u32 arch; __u64 instruction_pointer; __u64 args[6]
NUMBER_AT = 0
ARCH_AT = 4
ARGS_AT = 16

LOAD = 0x20  # BPF_LD | BPF_W | BPF_ABS
IF_EQUAL = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
IF_AT_LEAST = 0x35  # BPF_JMP | BPF_JGE | BPF_K
IF_ANY_BIT = 0x45  # BPF_JMP | BPF_JSET | BPF_K
RETURN = 0x06  # BPF_RET | BPF_K

PROT_EXEC = 4
X32_BIT = 0x40000000

X86_64 = {
    "read": 0, "write": 1, "close": 3, "stat": 4, "fstat": 5, "lstat": 6, "poll": 7, "lseek": 8,
    "mmap": 9, "mprotect": 10, "munmap": 11, "brk": 12, "rt_sigaction": 13, "rt_sigprocmask": 14,
    "rt_sigreturn": 15, "ioctl": 16, "access": 21, "select": 23, "sched_yield": 24, "mremap": 25,
    "madvise": 28, "nanosleep": 35, "getpid": 39, "exit": 60, "uname": 63, "fcntl": 72,
    "getcwd": 79, "readlink": 89, "gettimeofday": 96, "getrlimit": 97, "getrusage": 98,
    "sysinfo": 99, "times": 100, "getuid": 102, "getgid": 104, "geteuid": 107, "getegid": 108,
    "getppid": 110, "sigaltstack": 131, "gettid": 186, "time": 201, "futex": 202,
    "sched_getaffinity": 204, "restart_syscall": 219, "clock_gettime": 228, "clock_getres": 229,
    "clock_nanosleep": 230, "exit_group": 231, "tgkill": 234, "newfstatat": 262,
    "readlinkat": 267, "faccessat": 269, "pselect6": 270, "ppoll": 271, "set_robust_list": 273,
    "prlimit64": 302, "getrandom": 318, "statx": 332, "rseq": 334, "clone3": 435,
    "faccessat2": 439,
}  # fmt: skip

AARCH64 = {
    "getcwd": 17, "fcntl": 25, "ioctl": 29, "faccessat": 48, "close": 57, "lseek": 62, "read": 63,
    "write": 64, "pselect6": 72, "ppoll": 73, "readlinkat": 78, "newfstatat": 79, "fstat": 80,
    "exit": 93, "exit_group": 94, "futex": 98, "set_robust_list": 99, "nanosleep": 101,
    "clock_gettime": 113, "clock_getres": 114, "clock_nanosleep": 115, "sched_getaffinity": 123,
    "sched_yield": 124, "restart_syscall": 128, "tgkill": 131, "sigaltstack": 132,
    "rt_sigaction": 134, "rt_sigprocmask": 135, "rt_sigreturn": 139, "times": 153, "uname": 160,
    "getrlimit": 163, "getrusage": 165, "gettimeofday": 169, "getpid": 172, "getppid": 173,
    "getuid": 174, "geteuid": 175, "getgid": 176, "getegid": 177, "gettid": 178, "sysinfo": 179,
    "brk": 214, "munmap": 215, "mremap": 216, "mmap": 222, "mprotect": 226, "madvise": 233,
    "prlimit64": 261, "getrandom": 278, "statx": 291, "rseq": 293, "clone3": 435,
    "faccessat2": 439,
}  # fmt: skip

# By os.uname().machine: AUDIT_ARCH_*, numbers.
ARCHITECTURES = {
    "x86_64": (0xC000003E, X86_64),
    "aarch64": (0xC00000B7, AARCH64),
    "arm64": (0xC00000B7, AARCH64),
}

COMPUTE = (
    "read", "write", "close", "munmap", "brk", "mremap", "madvise", "futex", "rt_sigaction",
    "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall", "exit", "exit_group",
    "getrandom", "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday",
    "time", "times", "getrusage", "select", "pselect6", "poll", "ppoll", "sched_yield", "getpid",
    "gettid", "getppid", "getuid", "geteuid", "getgid", "getegid", "set_robust_list", "rseq",
    "sched_getaffinity",
)  # fmt: skip

# Libraries ask these in passing and go on without an answer.
REFUSE = (
    "stat", "fstat", "lstat", "newfstatat", "statx", "access", "faccessat", "faccessat2", "lseek",
    "ioctl", "fcntl", "readlink", "readlinkat", "getcwd", "uname", "sysinfo", "getrlimit",
    "prlimit64",
)  # fmt: skip


def shut():
    """Installs the filter; raises where the kernel has none."""
    prctl(PR_SET_DUMPABLE, 0)
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    program = filter_for(os.uname().machine, os.getpid())
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in program))
    # struct sock_fprog: unsigned short len; struct sock_filter *filter
    fprog = ctypes.create_string_buffer(struct.pack("@HP", len(program), ctypes.addressof(code)))
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(fprog))


def die_with_parent():
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def prctl(option, *values):
    libc = ctypes.CDLL(None, use_errno=True)
    padded = [ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4]]
    if libc.prctl(ctypes.c_int(option), *padded) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"prctl({option}): {os.strerror(code)}")


def filter_for(machine, pid):
    """Steps (code, jump if true, jump if false, operand) of a classic BPF program."""
    if machine not in ARCHITECTURES:
        raise OSError(errno.ENOSYS, f"no list of system calls for {machine}")
    arch, numbers = ARCHITECTURES[machine]
    steps = [
        (LOAD, 0, 0, ARCH_AT),
        (IF_EQUAL, 1, 0, arch),
        (RETURN, 0, 0, KILL_PROCESS),
        (LOAD, 0, 0, NUMBER_AT),
        (IF_AT_LEAST, 0, 1, X32_BIT),
        (RETURN, 0, 0, KILL_PROCESS),
    ]

    def on(name, *then):
        if name in numbers:
            steps.append((IF_EQUAL, 0, len(then), numbers[name]))
            steps.extend(then)

    for name in COMPUTE:
        on(name, (RETURN, 0, 0, ALLOW))
    for name in ("mmap", "mprotect"):  # memory yes, code no
        on(
            name,
            (LOAD, 0, 0, ARGS_AT + 2 * 8),
            (IF_ANY_BIT, 0, 1, PROT_EXEC),
            (RETURN, 0, 0, KILL_PROCESS),
            (RETURN, 0, 0, ALLOW),
        )
    on(  # abort() signals itself
        "tgkill",
        (LOAD, 0, 0, ARGS_AT),
        (IF_EQUAL, 1, 0, pid),
        (RETURN, 0, 0, KILL_PROCESS),
        (RETURN, 0, 0, ALLOW),
    )
    for name in REFUSE:
        on(name, (RETURN, 0, 0, ERRNO | errno.EPERM))
    on("clone3", (RETURN, 0, 0, ERRNO | errno.ENOSYS))  # then libraries try clone, which ends them
    steps.append((RETURN, 0, 0, KILL_PROCESS))
    return steps
