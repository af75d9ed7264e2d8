#pragma once
// Linux calls that Swift's Glibc overlay does not show.
#include <signal.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

/// `pidfd_open(2)`: a descriptor for the process, or -1 with errno.
static inline int muster_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

/// `pidfd_send_signal(2)`: 0, or -1 with errno.
static inline int muster_pidfd_send_signal(int pidfd, int signal_number) {
  return (int)syscall(SYS_pidfd_send_signal, pidfd, signal_number, NULL, 0);
}
