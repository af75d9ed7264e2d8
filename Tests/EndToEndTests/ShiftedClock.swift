// A clock that tells one program another time of day: a library before the C library, made here by
// the compiler that comes with Swift. The machine's clock stays as it is, and so does what the
// kernel says of processes and files.

import Foundation
import Testing

/// A time of day that can be moved while the program runs.
struct ShiftedClock {
  private let folder: String
  private var file: String { folder + "/clock-shift" }

  private static let compiler: String? = ["/opt/swift/usr/bin/clang", "/usr/bin/clang"].first {
    access($0, X_OK) == 0
  }

  /// Whether there can be one here.
  static var canBe: Bool { compiler != nil }

  private static let source = """
    #define _GNU_SOURCE
    #include <fcntl.h>
    #include <stdlib.h>
    #include <sys/mman.h>
    #include <sys/syscall.h>
    #include <sys/time.h>
    #include <time.h>
    #include <unistd.h>

    static volatile long *shift;

    __attribute__((constructor)) static void begin(void) {
      const char *path = getenv("CLOCK_SHIFT");
      int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
      if (file < 0) abort();
      void *page = mmap(0, 4096, PROT_READ, MAP_SHARED, file, 0);
      if (page == MAP_FAILED) abort();
      shift = page;
      close(file);
    }

    int clock_gettime(clockid_t id, struct timespec *time) {
      int answer = syscall(SYS_clock_gettime, id, time);
      int is_day = id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE;
      if (answer == 0 && is_day && shift) time->tv_sec += *shift;
      return answer;
    }

    int gettimeofday(struct timeval *restrict time, void *restrict zone) {
      struct timespec now;
      clock_gettime(CLOCK_REALTIME, &now);
      time->tv_sec = now.tv_sec;
      time->tv_usec = now.tv_nsec / 1000;
      return 0;
    }

    time_t time(time_t *where) {
      struct timespec now;
      clock_gettime(CLOCK_REALTIME, &now);
      if (where) *where = now.tv_sec;
      return now.tv_sec;
    }
    """

  /// Makes one that does not differ yet.
  init(in folder: String) throws {
    self.folder = folder
    try Data(count: 4096).write(to: URL(fileURLWithPath: file))
    let source = folder + "/clock.c"
    try Self.source.write(toFile: source, atomically: true, encoding: .utf8)
    let made = try MusterProgram.run(
      try #require(Self.compiler), ["-shared", "-fPIC", "-O1", "-o", folder + "/clock.so", source])
    try #require(made.code == 0, "\(made)")
  }

  /// What the program has to be told.
  var variables: [String: String] {
    ["LD_PRELOAD": folder + "/clock.so", "CLOCK_SHIFT": file]
  }

  /// Jumps to so many seconds from the machine's clock.
  func jump(to seconds: Int64) throws {
    let handle = try #require(FileHandle(forWritingAtPath: file))
    try handle.write(contentsOf: withUnsafeBytes(of: seconds) { Data($0) })
    try handle.close()
  }
}
