// Lays a slug's files into a folder. Every name is opened relative to its folder, never followed
// and never reused: no path can leave, whatever happens on the disk meanwhile.

import Effects
import FormationModel
import Glibc

/// Writes the files of a listing, straight from the object database.
struct SlugWriter: ~Copyable {
  private let objects: GitObjects
  private let limits: Limits
  /// The folders that are open, from the root down.
  private var open: [(name: String, descriptor: Int32)] = []

  /// Opens the folder, which exists and is empty.
  init(into folder: String, objects: GitObjects, limits: Limits) throws(EffectFailure) {
    self.objects = objects
    self.limits = limits
    let root = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard root >= 0 else { throw .disk("the slug's folder", errno) }
    open = [("", root)]
  }

  deinit {
    for folder in open { close(folder.descriptor) }
  }

  /// Writes every file of the listing.
  mutating func write(_ listing: SlugListing) throws(EffectFailure) {
    for file in listing.files {
      var parts = file.path.split(separator: "/").map(String.init)
      guard let name = parts.popLast(), Self.isName(name), parts.allSatisfy(Self.isName) else {
        throw EffectFailure(
          "bad-path", "“\(file.path.printable)” is no path within a slug", retry: .withNewContent)
      }
      let folder = try enter(parts)
      try write(file, named: name, in: folder)
    }
  }

  private static func isName(_ name: String) -> Bool {
    !name.isEmpty && name != "." && name != ".." && !name.utf8.contains(0)
  }

  /// The descriptor of a folder, made when it is not there yet. The listing goes folder by folder,
  /// so each is made once and left once.
  private mutating func enter(_ parts: [String]) throws(EffectFailure) -> Int32 {
    var shared = 0
    while shared < parts.count, shared + 1 < open.count, open[shared + 1].name == parts[shared] {
      shared += 1
    }
    while open.count > shared + 1 {
      if let left = open.popLast() { close(left.descriptor) }
    }
    for part in parts[shared...] {
      let parent = open[open.count - 1].descriptor
      guard mkdirat(parent, part, 0o755) == 0 else { throw .disk(part, errno) }
      let made = openat(parent, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      guard made >= 0 else { throw .disk(part, errno) }
      open.append((part, made))
      guard fchmod(made, 0o755) == 0 else { throw .disk(part, errno) }
    }
    return open[open.count - 1].descriptor
  }

  private func write(
    _ file: SlugFile, named name: String, in folder: Int32
  ) throws(EffectFailure) {
    if case .symlink(let target) = file.kind {
      guard symlinkat(target, folder, name) == 0 else { throw .disk(file.path, errno) }
      return
    }
    let made = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard made >= 0 else { throw .disk(file.path, errno) }
    defer { close(made) }
    var failed: Int32?
    do {
      failed = try objects.withBlob(
        file.id, limit: Int(clamping: limits.slugBytes), file.path.printable
      ) { Self.writeAll($0, to: made) }
    } catch {
      throw EffectFailure(error)
    }
    if let failed { throw .disk(file.path, failed) }
    guard fchmod(made, file.kind == .executable ? 0o755 : 0o644) == 0 else {
      throw .disk(file.path, errno)
    }
  }

  /// The error number when not everything could be written.
  private static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32? {
    var rest = bytes
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if count > 0 {
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
      } else if count == 0 || errno != EINTR {
        return count == 0 ? EIO : errno
      }
    }
    return nil
  }
}

extension EffectFailure {
  /// A failed call on a disk, by its error number.
  static func disk(_ subject: String, _ number: Int32) -> EffectFailure {
    let words = String(cString: strerror(number))
    switch number {
    case ENOSPC, EDQUOT:
      return EffectFailure(
        "disk-full", "\(subject.printable) could not be written: \(words)",
        fix: "free some space", retry: .whenMachineIsMended)
    case EEXIST, ELOOP, ENOTDIR:
      return EffectFailure(
        "folder-not-empty", "\(subject.printable) is already there", retry: .later)
    default:
      return EffectFailure(
        "disk-error", "\(subject.printable) could not be written: \(words)",
        retry: .whenMachineIsMended)
    }
  }

  /// A repository that could not be read while a slug was written.
  init(_ problem: SourceProblem) {
    self.init(
      "slug-\(problem.kind.rawValue)", problem.message, fix: problem.fix,
      retry: problem.kind == .tooLarge ? .withNewContent : .later)
  }
}
