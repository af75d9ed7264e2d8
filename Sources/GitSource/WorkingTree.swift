// A folder on disk as parsing sees it: for `validate PATH`, and for what is not committed yet.
// Symlinks are never followed, `.git` is never entered, nothing is written.

package import FormationModel
import Glibc
package import ManifestParsing

/// The files of a folder on disk.
package final class WorkingTree: ManifestTree {
  let root: String
  let limits: Limits
  /// Says which paths would never be committed; nil: none.
  let ignoring: GitIndex?

  /// A folder, by its absolute path.
  package convenience init(root: String, limits: Limits = Limits()) {
    self.init(root: root, limits: limits, ignoring: nil)
  }

  init(root: String, limits: Limits, ignoring: GitIndex?) {
    self.root = root
    self.limits = limits
    self.ignoring = ignoring
  }

  /// The entries of a folder, sorted by name; nil when there is no such folder.
  package func entries(of folder: String) throws(TreeProblem) -> [TreeEntry]? {
    try items(of: folder)?.map { item in
      TreeEntry(name: item.name, kind: item.kind, bytes: item.kind == .file ? item.bytes : nil)
    }
  }

  /// A file's bytes; nil for anything that is not a plain file.
  package func contents(of file: String) throws(TreeProblem) -> [UInt8]? {
    guard let descriptor = try open(file, flags: O_RDONLY | O_NONBLOCK) else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure(file) }
    guard status.st_mode & S_IFMT == S_IFREG else { return nil }
    guard status.st_size <= limits.manifestBytes else {
      throw TreeProblem(
        "it has \(status.st_size) bytes; the limit is \(limits.manifestBytes)", path: file)
    }
    return try read(descriptor, limit: limits.manifestBytes, file)
  }

  /// Always nil: files on disk have no identity that can be trusted.
  package func identity(of folder: String) throws(TreeProblem) -> String? { nil }
}

extension WorkingTree {
  /// What a folder on disk holds under one name.
  struct Item {
    let name: String
    let kind: TreeEntry.Kind
    let bytes: Int
    let isExecutable: Bool
    let isText: Bool
  }

  /// What a folder holds, sorted by the bytes of the names; nil when there is no such folder.
  /// Sockets, pipes and devices are left out, as git leaves them out.
  func items(of folder: String) throws(TreeProblem) -> [Item]? {
    guard let descriptor = try open(folder, flags: O_RDONLY | O_DIRECTORY) else { return nil }
    guard let stream = fdopendir(descriptor) else {
      close(descriptor)
      throw failure(folder)
    }
    defer { closedir(stream) }
    var items: [Item] = []
    while let entry = readdir(stream) {
      let item = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { name in
          Self.item(name, in: descriptor)
        }
      }
      guard let item, !isHidden(item.name, in: folder) else { continue }
      items.append(item)
      guard items.count <= limits.slugFiles else {
        throw TreeProblem("it holds more than \(limits.slugFiles) names", path: folder)
      }
    }
    return items.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  private static func item(_ name: UnsafePointer<CChar>, in folder: Int32) -> Item? {
    if strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, ".git") == 0 { return nil }
    var status = stat()
    guard fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
    let kind: TreeEntry.Kind
    switch status.st_mode & S_IFMT {
    case S_IFREG: kind = .file
    case S_IFLNK: kind = .symlink
    case S_IFDIR:
      // A folder with a repository of its own is what git records as a submodule.
      kind = faccessat(folder, String(cString: name) + "/.git", F_OK, 0) == 0 ? .submodule : .folder
    default: return nil
    }
    let text = String(validatingCString: name)
    return Item(
      name: text ?? String(cString: name), kind: kind, bytes: Int(status.st_size),
      isExecutable: status.st_mode & S_IXUSR != 0, isText: text != nil)
  }

  private func isHidden(_ name: String, in folder: String) -> Bool {
    ignoring?.isIgnored(folder.isEmpty ? name : folder + "/" + name) ?? false
  }

  /// Opens a path below the root, each part without following a symlink; nil when it is not there.
  func open(_ path: String, flags: Int32) throws(TreeProblem) -> Int32? {
    var current = Glibc.open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard current >= 0 else { throw failure(root) }
    let parts = path.split(separator: "/")
    if parts.isEmpty { return current }
    for (index, part) in parts.enumerated() {
      let isLast = index == parts.count - 1
      let wanted = isLast ? flags : O_RDONLY | O_DIRECTORY
      let isName = part != "." && part != ".." && part != ".git"
      let next = isName ? openat(current, String(part), wanted | O_NOFOLLOW | O_CLOEXEC) : -1
      let number = isName ? errno : ENOENT
      close(current)
      guard next >= 0 else {
        if [ENOENT, ENOTDIR, ELOOP].contains(number) { return nil }
        throw failure(path, number)
      }
      current = next
    }
    return current
  }

  /// Everything that is left to read of a file.
  func read(_ descriptor: Int32, limit: Int, _ path: String) throws(TreeProblem) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR { continue }
        throw failure(path)
      }
      bytes.append(contentsOf: chunk[..<count])
      guard bytes.count <= limit else {
        throw TreeProblem("it has more than \(limit) bytes", path: path)
      }
    }
  }

  func failure(_ path: String, _ number: Int32 = errno) -> TreeProblem {
    TreeProblem("it cannot be read: \(String(cString: strerror(number)))", path: path)
  }
}
