// libgit2's door to loose objects: its callbacks, answered by LooseObject.swift. Read-only.

import CLibGit2
import Effects
import Glibc

/// The loose objects of some object folders.
final class LooseBackend {
  private let folders: [String]
  private let byteLimit: Int

  private init(folders: [String], byteLimit: Int) {
    self.folders = folders
    self.byteLimit = byteLimit
  }

  /// Adds loose objects to a database, which owns them from then on. Objects of more than
  /// `byteLimit` bytes are not read.
  static func add(
    _ folders: [String], byteLimit: Int, to database: borrowing Owned
  ) throws(LibGit2Failure) {
    let owner = LooseBackend(folders: folders, byteLimit: byteLimit)
    let backend = UnsafeMutablePointer<muster_git_backend>.allocate(capacity: 1)
    backend.initialize(to: muster_git_backend())
    backend.pointee.owner = Unmanaged.passRetained(owner).toOpaque()
    backend.pointee.parent.version = UInt32(GIT_ODB_BACKEND_VERSION)
    backend.pointee.parent.read = { LooseBackend.of($3)?.read($4, $0, $1, $2, $3) ?? -1 }
    backend.pointee.parent.read_header = { LooseBackend.of($2)?.header($3, $0, $1) ?? -1 }
    backend.pointee.parent.read_prefix = {
      LooseBackend.of($4)?.readPrefix($5, $6, $0, $1, $2, $3, $4) ?? -1
    }
    backend.pointee.parent.exists = { LooseBackend.of($0)?.path($1) == nil ? 0 : 1 }
    backend.pointee.parent.exists_prefix = { LooseBackend.of($1)?.find($2, $3, $0) ?? -1 }
    backend.pointee.parent.free = { LooseBackend.free($0) }
    let parent = UnsafeMutableRawPointer(backend).assumingMemoryBound(to: git_odb_backend.self)
    let code = git_odb_add_backend(database.pointer, parent, 1)
    guard code >= 0 else {
      free(parent)
      throw LibGit2Failure(code)
    }
  }

  private static func of(_ backend: UnsafeMutablePointer<git_odb_backend>?) -> LooseBackend? {
    owner(backend).map { Unmanaged<LooseBackend>.fromOpaque($0).takeUnretainedValue() }
  }

  private static func owner(
    _ backend: UnsafeMutablePointer<git_odb_backend>?
  ) -> UnsafeMutableRawPointer? {
    backend.flatMap { pointer in
      UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: muster_git_backend.self).pointee
        .owner
    }
  }

  private static func free(_ backend: UnsafeMutablePointer<git_odb_backend>?) {
    if let owner = owner(backend) { Unmanaged<LooseBackend>.fromOpaque(owner).release() }
    backend.map { pointer in
      UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: muster_git_backend.self).deallocate()
    }
  }

  /// The file of an object; nil when there is none.
  private func path(_ id: UnsafePointer<git_oid>?) -> String? {
    guard let hex = ObjectID(id)?.hex else { return nil }
    let tail = "/" + hex.prefix(2) + "/" + hex.dropFirst(2)
    return folders.lazy.map { $0 + tail }.first { access($0, F_OK) == 0 }
  }

  private func header(
    _ id: UnsafePointer<git_oid>?, _ bytes: UnsafeMutablePointer<Int>?,
    _ kind: UnsafeMutablePointer<git_object_t>?
  ) -> Int32 {
    guard let path = path(id) else { return GIT_ENOTFOUND.rawValue }
    do throws(LooseObjectFlaw) {
      var object = try LooseObject(path: path)
      let header = try object.header()
      bytes?.pointee = header.bytes
      kind?.pointee = header.kind
      return 0
    } catch {
      return Self.code(error)
    }
  }

  private func read(
    _ id: UnsafePointer<git_oid>?, _ data: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    _ bytes: UnsafeMutablePointer<Int>?, _ kind: UnsafeMutablePointer<git_object_t>?,
    _ backend: UnsafeMutablePointer<git_odb_backend>?
  ) -> Int32 {
    guard let path = path(id) else { return GIT_ENOTFOUND.rawValue }
    do throws(LooseObjectFlaw) {
      var object = try LooseObject(path: path)
      let header = try object.header()
      guard header.bytes <= byteLimit else { throw .damaged("it is larger than the limit") }
      // One byte more, zero: libgit2's parsers expect text to end with NUL.
      guard let buffer = git_odb_backend_data_alloc(backend, header.bytes + 1) else {
        throw .damaged("there is no memory for it")
      }
      memset(buffer, 0, header.bytes + 1)
      do throws(LooseObjectFlaw) {
        try object.content(into: UnsafeMutableRawBufferPointer(start: buffer, count: header.bytes))
      } catch {
        git_odb_backend_data_free(backend, buffer)
        throw error
      }
      data?.pointee = buffer
      bytes?.pointee = header.bytes
      kind?.pointee = header.kind
      return 0
    } catch {
      return Self.code(error)
    }
  }

  private static func code(_ flaw: LooseObjectFlaw) -> Int32 {
    switch flaw {
    case .missing: return GIT_ENOTFOUND.rawValue
    case .damaged(let why):
      git_error_set_str(Int32(GIT_ERROR_ODB.rawValue), "\(why)")
      return GIT_ERROR.rawValue
    }
  }
}

extension LooseBackend {
  /// Finds the one object of which the id starts with `digits` characters of `start`.
  private func find(
    _ start: UnsafePointer<git_oid>?, _ digits: Int, _ found: UnsafeMutablePointer<git_oid>?
  ) -> Int32 {
    guard let hex = ObjectID(start)?.hex, digits >= 4, digits <= 40 else {
      return GIT_ENOTFOUND.rawValue
    }
    let wanted = hex.prefix(digits)
    var ids: Set<ObjectID> = []
    for folder in folders {
      guard let stream = opendir(folder + "/" + hex.prefix(2)) else { continue }
      defer { closedir(stream) }
      while ids.count < 2, let entry = readdir(stream) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        let candidate = hex.prefix(2) + name
        if candidate.hasPrefix(wanted), let id = ObjectID(hex: String(candidate)) { ids.insert(id) }
      }
    }
    guard let id = ids.first else { return GIT_ENOTFOUND.rawValue }
    guard ids.count == 1 else { return GIT_EAMBIGUOUS.rawValue }
    found?.pointee = id.oid
    return 0
  }

  private func readPrefix(
    _ start: UnsafePointer<git_oid>?, _ digits: Int, _ found: UnsafeMutablePointer<git_oid>?,
    _ data: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ bytes: UnsafeMutablePointer<Int>?,
    _ kind: UnsafeMutablePointer<git_object_t>?, _ backend: UnsafeMutablePointer<git_odb_backend>?
  ) -> Int32 {
    var id = git_oid()
    let code = find(start, digits, &id)
    guard code == 0 else { return code }
    found?.pointee = id
    return read(&id, data, bytes, kind, backend)
  }
}
