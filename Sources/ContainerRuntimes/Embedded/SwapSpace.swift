// The machine's swap, as the kernel tells it.

/// Reads /proc/meminfo.
enum SwapSpace {
  /// Bytes of swap on this machine.
  static var bytes: Int64 { bytes(Files.text("/proc/meminfo") ?? "") }

  /// Bytes of swap by the text of /proc/meminfo; 0 when it says nothing of it.
  static func bytes(_ text: String) -> Int64 {
    for line in text.split(separator: "\n") where line.hasPrefix("SwapTotal:") {
      let words = line.split(separator: " ")
      return words.count > 1 ? (Int64(words[1]) ?? 0) << 10 : 0
    }
    return 0
  }
}
