// The configuration of two apps, byte for byte.

/// What is expected.
enum Golden {
  static let configuration = ""
}
