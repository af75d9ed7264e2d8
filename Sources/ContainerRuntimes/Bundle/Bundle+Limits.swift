// How a dyno type's limits become those of a container on this machine.

import FormationModel

extension Bundle.Memory {
  /// Heroku lets a dyno go beyond its memory (R14: it pages, and runs on) and kills it at a ceiling
  /// (R15). With enough swap the kernel does just that. Without, a dyno that was held at its memory
  /// would be killed where Heroku only warns: then the ceiling is the limit.
  init(_ size: DynoType, on machine: Bundle.Machine) {
    let ceiling = max(size.memoryBytes, size.memoryKillBytes)
    let pages = machine.countsSwap && machine.swapBytes >= ceiling - size.memoryBytes
    limit = pages ? size.memoryBytes : ceiling
    swap = machine.countsSwap ? ceiling : nil
  }
}

extension Bundle.Machine {
  /// No single file of a dyno grows beyond this, so that one endless log does not fill the disk.
  private static let fileBytesMaximum: Int64 = 16 << 30
  private static let filesPerDisk: Int64 = 8

  /// Bytes of one file of a dyno.
  var fileBytes: UInt64 {
    let share = max(diskBytes / Self.filesPerDisk, 64 << 20)
    return UInt64(clamping: min(share, Self.fileBytesMaximum))
  }
}
