// What is going to happen, in order of time; at the same time, in order of entry.

import FormationModel

/// A queue of things that happen at a time (a binary heap). Items are large: the heap moves their
/// places in time only.
struct Agenda<Item> {
  private struct Entry {
    let time: LoopTime
    let sequence: Int

    func isBefore(_ other: Entry) -> Bool {
      time == other.time ? sequence < other.sequence : time < other.time
    }
  }

  private var heap: [Entry] = []
  private var items: [Int: Item] = [:]
  private var entered = 0

  /// Adds an item.
  mutating func add(_ item: Item, at time: LoopTime) {
    entered += 1
    items[entered] = item
    heap.append(Entry(time: time, sequence: entered))
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child].isBefore(heap[parent]) else { return }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  /// Takes the earliest item; nil when there is none.
  mutating func next() -> (time: LoopTime, item: Item)? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    if !heap.isEmpty {
      heap[0] = last
      sink()
    }
    guard let item = items.removeValue(forKey: first.sequence) else { return nil }
    return (first.time, item)
  }

  private mutating func sink() {
    var parent = 0
    while true {
      var smallest = parent
      let left = 2 * parent + 1
      if left < heap.count, heap[left].isBefore(heap[smallest]) { smallest = left }
      if left + 1 < heap.count, heap[left + 1].isBefore(heap[smallest]) { smallest = left + 1 }
      guard smallest != parent else { return }
      heap.swapAt(parent, smallest)
      parent = smallest
    }
  }
}
