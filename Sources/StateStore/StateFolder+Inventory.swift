// What the state directory keeps on the disk besides what runtimes and git keep in it, and the
// space around it.

import CLinux
import Effects
package import FormationModel
import Glibc

extension StateFolder {
  /// The parts of the state directory as things that take space. Nothing of it is ever removed but
  /// what a crash left; parts of others (`apart`, by name) are left out.
  package func disk(apart: Set<String>) -> StateDisk { StateDisk(folder: self, apart: apart) }

  /// The space of the file system that it is on. Throws when it cannot be told.
  package func space() throws(EffectFailure) -> DiskSpace {
    var numbers = statvfs()
    guard statvfs(path, &numbers) == 0 else {
      throw SystemFailure("look at the space of", path).effect
    }
    let block = Int64(clamping: UInt64(numbers.f_frsize))
    return DiskSpace(
      total: Int64(clamping: UInt64(numbers.f_blocks)) * block,
      free: Int64(clamping: UInt64(numbers.f_bavail)) * block,
      reserved: reserve.isHeld ? Reserve.bytes : 0)
  }
}

/// The state directory's own parts.
package struct StateDisk: DiskKeeping {
  let folder: StateFolder
  let apart: Set<String>

  /// Every part, by its name.
  package func inventory() async throws(EffectFailure) -> [StoredItem] {
    let names: [String]
    do throws(SystemFailure) {
      names = try FolderListing.everything(in: folder.path) ?? []
    } catch {
      throw error.effect
    }
    return names.filter { !apart.contains($0) }.map { name in
      StoredItem(Self.kind(of: name), name, bytes: muster_used_bytes(folder.part(name)))
    }
  }

  /// Removes what a crash left; refuses everything else.
  package func discard(_ item: StoredItem) async -> Outcome {
    guard item.kind == .leftover, item.name.hasPrefix(DurableFiles.temporaryPrefix),
      !item.name.contains("/")
    else {
      return .failed(
        EffectFailure(
          "not-removable", "\(item.kind.rawValue) \(item.name) is not removed",
          retry: .withNewContent))
    }
    let path = folder.part(item.name)
    if unlink(path) != 0 { FolderListing.remove(path) }
    return .done
  }

  private static func kind(of name: String) -> StoredKind {
    if name.hasPrefix(DurableFiles.temporaryPrefix) { return .leftover }
    if name == Layout.database || name.hasPrefix(Layout.database + "-") { return .database }
    return switch name {
    case Layout.secrets, Layout.identity: .secret
    case Layout.reserve: .reserve
    default: .other
    }
  }
}
