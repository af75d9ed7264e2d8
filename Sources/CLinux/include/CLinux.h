#pragma once
// Linux calls that Swift's Glibc overlay does not show, and spawning a process in another network
// namespace or a session of its own, which posix_spawn cannot do.
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

/// What `muster_spawn` starts.
struct muster_spawn_plan {
  /// The program's absolute path.
  const char *path;
  /// Its arguments, the name first, then NULL.
  char *const *arguments;
  /// Its environment, then NULL.
  char *const *environment;
  /// Descriptors that become 0, 1, 2, 3 and 4; -1: /dev/null for the first three, none for the rest.
  int descriptors[5];
  /// A descriptor of the network namespace to enter; -1: the caller's.
  int network;
  /// The folder it starts in; NULL: the caller's.
  const char *folder;
  /// Not 0: in a session of its own, so that no signal to the caller's group reaches it.
  int new_session;
};

/// Starts a program with default signal dispositions and no other descriptor open. Returns its
/// process id, or -1 with errno of the step that failed; then nothing runs.
pid_t muster_spawn(const struct muster_spawn_plan *plan);

/// `renameat2(2)` with RENAME_NOREPLACE: 0, or -1 with errno (EEXIST when the target exists).
int muster_rename_exclusively(const char *from, const char *to);

/// An anonymous file in memory, close-on-exec, with the bytes in it and its position at the start;
/// -1 with errno.
int muster_memory_file(const void *bytes, size_t count);

/// Whether a program can be executed at that path once `root` is the root of the file system, its
/// symbolic links followed within it.
int muster_is_program(const char *root, const char *path);

/// A pipe, both ends close-on-exec: 0, or -1 with errno.
int muster_pipe(int ends[2]);

/// `syncfs(2)` of the file system that holds the folder: 0, or -1 with errno.
int muster_sync_file_system(const char *folder);

/// What happens in a watched folder.
enum {
  /// A file was written and closed.
  muster_folder_closed = 1,
  /// A name came, moved there.
  muster_folder_came = 2,
  /// A name went, deleted or moved away.
  muster_folder_went = 4,
  /// The folder itself is gone, and the watch with it.
  muster_folder_gone = 8,
};

/// One thing that happened.
struct muster_folder_event {
  /// The number of the watch that saw it; -1: events were lost.
  int watch;
  /// What happened.
  int what;
  /// The name in the folder; empty when it is about the folder itself.
  char name[256];
};

/// A descriptor for any number of watches (non-blocking, close-on-exec); -1 with errno.
int muster_watch_open(void);

/// Watches a folder for what `what` (its bits or-ed) names; the watch's number, or -1 with errno.
/// The same folder again has the same number.
int muster_watch_add(int descriptor, const char *folder, int what);

/// Reads pending events into `events`; how many, 0 when nothing is pending, -1 with errno.
ssize_t muster_watch_read(int descriptor, struct muster_folder_event *events, size_t capacity);

/// What SO_PEERCRED says of a connected socket's other end: `struct ucred`, which needs _GNU_SOURCE.
struct muster_peer {
  pid_t process;
  uid_t user;
  gid_t group;
};

/// `O_PATH`, which needs _GNU_SOURCE.
static const int muster_open_path = 010000000;

/// When the file at the path was made, in milliseconds since 1970, symbolic links not followed; -1
/// when there is none, or its file system does not say.
long long muster_birth_milliseconds(const char *path);

/// The bytes that a file or a tree takes on the disk, without what is mounted in it. A file with
/// several links counts its share of each. What vanishes or cannot be read counts nothing.
long long muster_used_bytes(const char *path);

/// For a process that does nothing most of the time: what is free of its memory goes back to the
/// system early, and two threads at most allocate apart (`mallopt(3)`).
void muster_give_back_memory(void);

/// Connects to a UNIX domain socket, by path or by abstract name: a stream, or packets that stay
/// apart. A descriptor (close-on-exec), or -1 with errno; it never waits for somebody to accept.
int muster_unix_connect(const char *name, int is_abstract, int in_packets);

/// Listens for streams at a path or an abstract name. A descriptor, or -1 with errno.
int muster_unix_listen(const char *name, int is_abstract);

/// Takes a connection. A descriptor, or -1 with errno.
int muster_unix_accept(int listener);

/// Who is at the other end: 0, or -1 with errno.
int muster_peer_of(int connection, struct muster_peer *peer);

/// Descriptors that may go together.
enum { muster_descriptors_most = 8 };

/// Sends bytes with descriptors (SCM_RIGHTS). How many bytes, or -1 with errno.
ssize_t muster_send_descriptors(
    int connection, const void *bytes, size_t count, const int *descriptors, int number);

/// Receives bytes with the descriptors that come with them, close-on-exec: `descriptors` has room
/// for `muster_descriptors_most`. How many bytes, or -1 with errno.
ssize_t muster_receive_descriptors(
    int connection, void *bytes, size_t capacity, int *descriptors, int *number);

/// The size of a terminal: 0, or -1 with errno.
int muster_terminal_size(int terminal, unsigned short *rows, unsigned short *columns);

/// Sets the size of a terminal; its programs are told. 0, or -1 with errno.
int muster_resize_terminal(int terminal, unsigned short rows, unsigned short columns);
