// What a stack's content is, told without building it: the definition of a recipe, the listing of a
// folder, the file status of an archive.

import Crypto
import FormationModel
import Glibc

/// Digests of stacks.
enum StackDigest {
  /// Changes when the same definition would be built into something else by a newer Muster.
  private static let edition = "muster-stack-1"

  /// The digest of what the stack is made of now.
  static func of(_ stack: Stack) throws(EffectFailure) -> ContentDigest {
    var hash = SHA256()
    func add(_ text: String) { hash.update(data: Array(text.utf8) + [0]) }
    add(edition)
    switch stack.source {
    case .busybox:
      add("busybox")
    case .debian(let suite, let packages):
      add("debian")
      add(suite)
      for package in Set(packages).sorted() { add(package) }
    case .archive(let path):
      guard let status = Files.status(path), status.st_mode & S_IFMT == S_IFREG else {
        throw missing("archive", path, stack)
      }
      add("archive")
      add(description(path, status))
    case .folder(let path):
      var status = stat()
      guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
        throw missing("folder", path, stack)
      }
      add("folder")
      try list(path, below: "") { add($0) }
    }
    return ContentDigest(hash)
  }

  private static func missing(_ kind: String, _ path: String, _ stack: Stack) -> EffectFailure {
    EffectFailure(
      "stack-missing", "stack \(stack.name): there is no \(kind) at \(path)",
      fix: "put it there, or change the stack in platform.yaml", retry: .later)
  }

  private static func list(
    _ root: String, below folder: String, _ add: (String) -> Void
  ) throws(EffectFailure) {
    for name in try Files.names(in: root + folder) ?? [] {
      let path = folder + "/" + name
      guard let status = Files.status(root + path) else { continue }
      add(description(path, status))
      if status.st_mode & S_IFMT == S_IFDIR { try list(root, below: path, add) }
    }
  }

  private static func description(_ path: String, _ status: stat) -> String {
    // A folder's size and time change with what is in it, and that is listed.
    if status.st_mode & S_IFMT == S_IFDIR { return "\(path) \(status.st_mode)" }
    let time = status.st_mtim
    return "\(path) \(status.st_mode) \(status.st_size) \(time.tv_sec).\(time.tv_nsec)"
  }
}

extension ContentDigest {
  /// The finished hash.
  init(_ hash: SHA256) {
    let alphabet = Array("0123456789abcdef".utf8)
    let digits = hash.finalize().flatMap { [alphabet[Int($0 >> 4)], alphabet[Int($0 & 15)]] }
    self.init(rawValue: String(decoding: digits, as: UTF8.self))
  }
}
