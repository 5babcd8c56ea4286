import Foundation

/// Freed memory that is kept for the next matrix of about its size.
///
/// To map fresh pages and to clear them takes as long as a pass over the matrix, and on a virtual machine whose host
/// has to find them first, several times as long: divide and conquer of order 900 took 25 or 43 ms, as it happened. So
/// the blocks freed last are kept, up to a bound, and the kernel may take their pages back where memory is short.
enum MemoryPool {
  static let hugePage = 2 << 20
  /// Smaller blocks are left to `malloc`, which keeps them.
  static let smallest = 128 << 10
  /// Kept in all: bytes, a sixteenth of what the machine has unless the environment says another number, and blocks.
  private static let mostBytes =
    ProcessInfo.processInfo.environment["LINEARSTRUCTURES_KEPT_BYTES"].flatMap { Int($0) }
    ?? max(256 << 20, Int(ProcessInfo.processInfo.physicalMemory / 16))
  private static let mostBlocks = 64

  private struct Block: @unchecked Sendable {
    let memory: UnsafeMutableRawPointer
    let size: Int
  }

  /// What is kept, behind a lock that nobody else holds while the process forks: a child would wait for ever for a
  /// thread that it does not have.
  private final class Kept: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    /// Most recently freed last.
    private var blocks: [Block] = []

    init() {
      pthread_mutex_init(mutex, nil)
      pthread_atfork(
        { pthread_mutex_lock(kept.mutex) }, { pthread_mutex_unlock(kept.mutex) }, { pthread_mutex_unlock(kept.mutex) })
    }

    func withLock<Result>(_ body: (inout [Block]) -> Result) -> Result {
      pthread_mutex_lock(mutex)
      defer { pthread_mutex_unlock(mutex) }
      return body(&blocks)
    }
  }

  private static let kept = Kept()

  /// The size of block that so many bytes get: in steps of an eighth, so that one fits again that was made for a little
  /// less. What is never touched of it takes no memory.
  static func size(for bytes: Int) -> Int {
    let step = 1 << (bytes.bitWidth - 1 - bytes.leadingZeroBitCount - 3)
    return (bytes + step - 1) / step * step
  }

  /// A block of at least this size, and little more, that was freed before, its contents undefined; `nil` where there
  /// is none.
  static func take(_ size: Int) -> (memory: UnsafeMutableRawPointer, size: Int)? {
    kept.withLock { blocks in
      let fitting = blocks.indices.filter { blocks[$0].size >= size && blocks[$0].size <= size + size / 4 }
      guard let best = fitting.min(by: { blocks[$0].size < blocks[$1].size }) else { return nil }
      let block = blocks.remove(at: best)
      return (block.memory, block.size)
    }
  }

  /// Keeps a block from `malloc`, and frees the oldest ones beyond the bounds.
  static func give(_ memory: UnsafeMutableRawPointer, size: Int) {
    #if os(Linux)
      if size > 2 * hugePage {
        let start = memory.alignedUp(toMultipleOf: hugePage)
        madvise(start, (size - (start - memory)) / hugePage * hugePage, Int32(MADV_FREE))
      }
    #endif
    let freed = kept.withLock { blocks in
      blocks.append(Block(memory: memory, size: size))
      var (bytes, count) = (blocks.reduce(0) { $0 + $1.size }, 0)
      while bytes > mostBytes || blocks.count - count > mostBlocks {
        bytes -= blocks[count].size
        count += 1
      }
      defer { blocks.removeFirst(count) }
      return Array(blocks.prefix(count))
    }
    freed.forEach { free($0.memory) }
  }
}
