// A working tree as slugs see it: the blob ids that its files would have, without writing any.

import CLibGit2
import Crypto
import Effects
import FormationModel
import Glibc
import ManifestParsing

extension WorkingTree: SourceTree {
  var problem: SourceProblem? { nil }

  func files(of folder: String) throws(SourceProblem) -> [GitEntry]? {
    do throws(TreeProblem) {
      guard let items = try items(of: folder) else { return nil }
      var files: [GitEntry] = []
      for item in items {
        let path = folder.isEmpty ? item.name : folder + "/" + item.name
        files.append(
          GitEntry(
            name: item.name, isText: item.isText, kind: item.kind,
            isExecutable: item.isExecutable, id: try id(of: item, at: path)))
      }
      return files
    } catch {
      throw SourceProblem(.corrupt, "\(error.path.printable): \(error.message)")
    }
  }

  func bytes(of file: GitEntry, at path: String) throws(SourceProblem) -> Int {
    var status = stat()
    guard lstat(root + "/" + path, &status) == 0 else { return 0 }
    return Int(status.st_size)
  }

  func target(of symlink: GitEntry, at path: String) throws(SourceProblem) -> String {
    String(validating: target(of: path) ?? [], as: UTF8.self) ?? ""
  }

  private func target(of path: String) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = buffer.withUnsafeMutableBytes { bytes in
      bytes.bindMemory(to: CChar.self).baseAddress.map {
        readlink(root + "/" + path, $0, Int(PATH_MAX))
      } ?? -1
    }
    return count < 0 ? nil : Array(buffer[..<count])
  }

  private func id(of item: Item, at path: String) throws(TreeProblem) -> ObjectID {
    switch item.kind {
    case .folder, .submodule: return .none
    case .symlink: return ObjectID(blob: target(of: path) ?? [])
    case .file: return try hash(path)
    }
  }

  /// git's id of a blob, computed while reading: SHA-1 over its size and its bytes.
  private func hash(_ path: String) throws(TreeProblem) -> ObjectID {
    guard let descriptor = try open(path, flags: O_RDONLY | O_NONBLOCK) else { return .none }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure(path) }
    var hash = Insecure.SHA1()
    hash.update(data: Array("blob \(status.st_size)\0".utf8))
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count == 0 { return ObjectID(digest: hash.finalize()) }
      if count < 0 {
        if errno == EINTR { continue }
        throw failure(path)
      }
      chunk.withUnsafeBytes {
        hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count]))
      }
    }
  }
}

extension ObjectID {
  /// No object.
  static var none: ObjectID { ObjectID(git_oid()) }

  /// The id that git gives to a blob.
  init(blob bytes: [UInt8]) {
    var hash = Insecure.SHA1()
    hash.update(data: Array("blob \(bytes.count)\0".utf8))
    hash.update(data: bytes)
    self.init(digest: hash.finalize())
  }

  fileprivate init(digest: Insecure.SHA1Digest) {
    var id = git_oid()
    withUnsafeMutableBytes(of: &id) { $0.copyBytes(from: Array(digest)) }
    self.init(id)
  }
}
