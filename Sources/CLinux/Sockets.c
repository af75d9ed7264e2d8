#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

// Fills an address; its length, or 0 with errno. An abstract name begins with a NUL, and its length
// is a part of it.
static socklen_t address_of(const char *name, int is_abstract, struct sockaddr_un *address) {
  size_t length = strlen(name);
  memset(address, 0, sizeof *address);
  address->sun_family = AF_UNIX;
  if (length + 2 > sizeof address->sun_path) {
    errno = ENAMETOOLONG;
    return 0;
  }
  memcpy(address->sun_path + (is_abstract ? 1 : 0), name, length);
  return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + 1);
}

static int failed(int descriptor) {
  int code = errno;
  close(descriptor);
  errno = code;
  return -1;
}

int muster_unix_connect(const char *name, int is_abstract, int in_packets) {
  struct sockaddr_un address;
  socklen_t length = address_of(name, is_abstract, &address);
  if (length == 0) return -1;
  // Whoever does not accept must not hold the caller up.
  int type = (in_packets ? SOCK_SEQPACKET : SOCK_STREAM) | SOCK_CLOEXEC | SOCK_NONBLOCK;
  int made = socket(AF_UNIX, type, 0);
  if (made < 0) return -1;
  if (connect(made, (struct sockaddr *)&address, length) < 0) return failed(made);
  int flags = fcntl(made, F_GETFL);
  if (flags < 0 || fcntl(made, F_SETFL, flags & ~O_NONBLOCK) < 0) return failed(made);
  return made;
}

int muster_unix_listen(const char *name, int is_abstract) {
  struct sockaddr_un address;
  socklen_t length = address_of(name, is_abstract, &address);
  if (length == 0) return -1;
  int made = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (made < 0) return -1;
  if (bind(made, (struct sockaddr *)&address, length) < 0 || listen(made, 4) < 0) {
    return failed(made);
  }
  return made;
}

int muster_unix_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_CLOEXEC); }

int muster_peer_of(int connection, struct muster_peer *peer) {
  socklen_t length = sizeof *peer;
  return getsockopt(connection, SOL_SOCKET, SO_PEERCRED, peer, &length);
}

ssize_t muster_send_descriptors(
    int connection, const void *bytes, size_t count, const int *descriptors, int number) {
  char space[CMSG_SPACE(sizeof(int) * muster_descriptors_most)];
  struct iovec part = {(void *)bytes, count};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  if (number < 0 || number > muster_descriptors_most) {
    errno = EINVAL;
    return -1;
  }
  memset(space, 0, sizeof space);
  if (number > 0) {
    message.msg_control = space;
    message.msg_controllen = CMSG_SPACE(sizeof(int) * (size_t)number);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int) * (size_t)number);
    memcpy(CMSG_DATA(header), descriptors, sizeof(int) * (size_t)number);
  }
  return sendmsg(connection, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

ssize_t muster_receive_descriptors(
    int connection, void *bytes, size_t capacity, int *descriptors, int *number) {
  char space[CMSG_SPACE(sizeof(int) * muster_descriptors_most)];
  struct iovec part = {bytes, capacity};
  struct msghdr message = {
      .msg_iov = &part, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space};
  *number = 0;
  ssize_t count = recvmsg(connection, &message, MSG_CMSG_CLOEXEC);
  if (count < 0) return -1;
  for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    int found = (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
    for (int i = 0; i < found; i++) {
      int descriptor;
      memcpy(&descriptor, CMSG_DATA(header) + (size_t)i * sizeof(int), sizeof descriptor);
      if (*number < muster_descriptors_most) {
        descriptors[(*number)++] = descriptor;
      } else {
        close(descriptor);
      }
    }
  }
  return count;
}

int muster_terminal_size(int terminal, unsigned short *rows, unsigned short *columns) {
  struct winsize size;
  if (ioctl(terminal, TIOCGWINSZ, &size) < 0) return -1;
  *rows = size.ws_row;
  *columns = size.ws_col;
  return 0;
}

int muster_resize_terminal(int terminal, unsigned short rows, unsigned short columns) {
  struct winsize size = {.ws_row = rows, .ws_col = columns};
  return ioctl(terminal, TIOCSWINSZ, &size);
}
