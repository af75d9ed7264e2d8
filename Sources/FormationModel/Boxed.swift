// Large values are copied all the time: lists of instances are sorted, filtered and handed on.
// Behind one reference a copy costs one count, and comparing a value with itself costs nothing.

/// A large value behind one reference; still a value: writing to it changes no other copy.
@propertyWrapper
package struct Boxed<Value: Hashable & Codable & Sendable>: Hashable, Codable, Sendable {
  @usableFromInline
  final class Storage: Sendable {
    @usableFromInline let value: Value
    @usableFromInline
    init(_ value: Value) { self.value = value }
  }

  @usableFromInline var storage: Storage

  /// Puts a value behind a reference.
  @inlinable
  package init(wrappedValue: Value) { storage = Storage(wrappedValue) }

  /// The value.
  @inlinable package var wrappedValue: Value {
    _read { yield storage.value }
    set { storage = Storage(newValue) }
  }

  /// Reads the value as if it were not behind a reference.
  package init(from decoder: any Decoder) throws { storage = Storage(try Value(from: decoder)) }

  /// Writes the value as if it were not behind a reference.
  package func encode(to encoder: any Encoder) throws { try wrappedValue.encode(to: encoder) }

  /// Equal values are equal, whoever holds them.
  @inlinable
  package static func == (left: Boxed, right: Boxed) -> Bool {
    left.storage === right.storage || left.storage.value == right.storage.value
  }

  /// Hashes the value.
  package func hash(into hasher: inout Hasher) { hasher.combine(storage.value) }
}
