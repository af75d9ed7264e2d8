#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <malloc.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/stat.h>

// Runs in the child of vfork: system calls only; what it writes, the parent sees.
static int become(const struct muster_spawn_plan *plan, const sigset_t *mask) {
  enum { first_free = 64 };
  int held[5];
  for (int i = 0; i < 5; i++) {
    int source = plan->descriptors[i];
    held[i] = -1;
    if (source >= 0) {
      // Above every target first, so that no target overwrites a source that is still needed.
      held[i] = fcntl(source, F_DUPFD, first_free);
    } else if (i < 3) {
      int null = open("/dev/null", O_RDWR);
      held[i] = null < 0 ? -1 : fcntl(null, F_DUPFD, first_free);
    } else {
      continue;
    }
    if (held[i] < 0) return errno;
  }
  int open_count = 3;
  for (int i = 0; i < 5; i++) {
    if (held[i] < 0) continue;
    if (dup2(held[i], i) < 0) return errno;
    if (i >= open_count) open_count = i + 1;
  }
  if (syscall(SYS_close_range, (unsigned)open_count, ~0U, 0U) < 0) return errno;
  if (plan->folder && chdir(plan->folder) < 0) return errno;
  if (plan->new_session && setsid() < 0) return errno;
  struct sigaction initial;
  memset(&initial, 0, sizeof initial);
  initial.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; number++) sigaction(number, &initial, NULL);
  if (sigprocmask(SIG_SETMASK, mask, NULL) < 0) return errno;
  execve(plan->path, plan->arguments, plan->environment);
  return errno;
}

pid_t muster_spawn(const struct muster_spawn_plan *plan) {
  sigset_t all, empty, before;
  sigfillset(&all);
  sigemptyset(&empty);
  // No handler of the caller may run in the child, which shares the caller's memory until exec.
  pthread_sigmask(SIG_SETMASK, &all, &before);
  volatile int failure = 0;
  pid_t child = vfork();
  if (child == 0) {
    // Before descriptors move: the namespace's descriptor is closed with the rest.
    if (plan->network >= 0 && setns(plan->network, CLONE_NEWNET) < 0) {
      failure = errno;
    } else {
      failure = become(plan, &empty);
    }
    _exit(127);
  }
  int vfork_failure = errno;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (child < 0) {
    errno = vfork_failure;
    return -1;
  }
  if (failure != 0) {
    int status;
    while (syscall(SYS_wait4, child, &status, 0, NULL) < 0 && errno == EINTR) {}
    errno = failure;
    return -1;
  }
  return child;
}

int muster_rename_exclusively(const char *from, const char *to) {
  return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
}

int muster_memory_file(const void *bytes, size_t count) {
  int file = memfd_create("muster", MFD_CLOEXEC);
  if (file < 0) return -1;
  size_t written = 0;
  while (written < count) {
    ssize_t step = write(file, (const char *)bytes + written, count - written);
    if (step < 0 && errno == EINTR) continue;
    if (step <= 0) {
      close(file);
      return -1;
    }
    written += (size_t)step;
  }
  lseek(file, 0, SEEK_SET);
  return file;
}

int muster_is_program(const char *root, const char *path) {
  int folder = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return 0;
  struct open_how how;
  memset(&how, 0, sizeof how);
  how.flags = O_PATH | O_CLOEXEC;
  how.resolve = RESOLVE_IN_ROOT;
  int file = (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
  close(folder);
  if (file < 0) return 0;
  struct stat status;
  int found = fstat(file, &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & 0111);
  close(file);
  return found;
}

int muster_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int muster_sync_file_system(const char *folder) {
  int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return -1;
  int result = syncfs(descriptor);
  int failure = errno;
  close(descriptor);
  errno = failure;
  return result;
}

int muster_watch_open(void) { return inotify_init1(IN_NONBLOCK | IN_CLOEXEC); }

int muster_watch_add(int descriptor, const char *folder, int what) {
  uint32_t mask = IN_ONLYDIR;
  if (what & muster_folder_closed) mask |= IN_CLOSE_WRITE;
  if (what & muster_folder_came) mask |= IN_MOVED_TO;
  if (what & muster_folder_went) mask |= IN_DELETE | IN_MOVED_FROM;
  return inotify_add_watch(descriptor, folder, mask);
}

static int what_of(uint32_t mask) {
  if (mask & IN_IGNORED) return muster_folder_gone;
  if (mask & IN_CLOSE_WRITE) return muster_folder_closed;
  if (mask & IN_MOVED_TO) return muster_folder_came;
  if (mask & (IN_DELETE | IN_MOVED_FROM)) return muster_folder_went;
  return 0;
}

ssize_t muster_watch_read(int descriptor, struct muster_folder_event *events, size_t capacity) {
  char buffer[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
  // The shortest events fill the buffer with as many as this; all of them must fit.
  if (capacity < sizeof buffer / sizeof(struct inotify_event)) {
    errno = EINVAL;
    return -1;
  }
  ssize_t length = read(descriptor, buffer, sizeof buffer);
  if (length < 0) return errno == EAGAIN || errno == EINTR ? 0 : -1;
  size_t count = 0;
  for (char *next = buffer; next < buffer + length;) {
    const struct inotify_event *event = (const struct inotify_event *)next;
    next += sizeof *event + event->len;
    struct muster_folder_event *target = &events[count++];
    target->watch = event->wd;
    target->what = what_of(event->mask);
    size_t size = strnlen(event->name, event->len);
    memcpy(target->name, event->name, size);
    target->name[size] = 0;
  }
  return (ssize_t)count;
}

long long muster_birth_milliseconds(const char *path) {
  struct statx status;
  if (statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_BTIME, &status) != 0) return -1;
  if (!(status.stx_mask & STATX_BTIME)) return -1;
  return status.stx_btime.tv_sec * 1000LL + status.stx_btime.tv_nsec / 1000000;
}

static _Thread_local long long used_bytes;

static int add_used(const char *path, const struct stat *status, int kind, struct FTW *place) {
  (void)path;
  (void)place;
  if (kind == FTW_NS) return 0;
  long long links = kind == FTW_D || kind == FTW_DNR || status->st_nlink < 1 ? 1 : status->st_nlink;
  used_bytes += status->st_blocks * 512LL / links;
  return 0;
}

long long muster_used_bytes(const char *path) {
  used_bytes = 0;
  // Ends early where a path gets longer than the kernel takes: then what was counted counts.
  (void)nftw(path, add_used, 32, FTW_PHYS | FTW_MOUNT);
  return used_bytes;
}

void muster_give_back_memory(void) {
  (void)mallopt(M_ARENA_MAX, 2);
  (void)mallopt(M_TRIM_THRESHOLD, 64 << 10);
}
