// What the configuration depends on besides the route table: facts of this machine.

import Glibc

/// The facts.
struct RouterMachine: Hashable, Codable, Sendable {
  /// How many files a process may have open; each visitor takes two.
  var openFiles: Int
  /// The account that HAProxy runs as, in a jail; nil: as whoever runs Muster, without one.
  var account: String?
  /// The folder of certificates; nil: there is none in it, so nothing listens for HTTPS.
  var certificates: String?

  /// Visitors at a time: half of what is left when HAProxy has taken what it needs itself.
  var visitors: Int { max(50, (min(openFiles, 200_000) - 300) / 2) }

  /// The facts as they are, with the certificates of that folder.
  static func found(certificates: String?) -> RouterMachine {
    var limit = rlimit()
    let known = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
    let isRoot = geteuid() == 0
    return RouterMachine(
      openFiles: known ? Int(clamping: limit.rlim_max) : 1024,
      account: isRoot && getpwnam("haproxy") != nil ? "haproxy" : nil, certificates: certificates)
  }
}
