import Foundation
import Synchronization

/// Freed memory that is kept for the next matrix of its size.
///
/// To map fresh pages and to clear them takes as long as a pass over the matrix, and on a virtual machine whose host has to
/// find them first, several times as long: divide and conquer of order 900 took 25 or 43 ms, as it happened. So the blocks
/// freed last are kept, up to a bound, and the kernel may take their pages back where memory is short.
enum MemoryPool {
  static let hugePage = 2 << 20
  /// Smaller blocks are left to `malloc`, which keeps them.
  static let smallest = 128 << 10
  /// Kept in all: bytes, and blocks.
  private static let (mostBytes, mostBlocks) = (256 << 20, 64)

  private struct Block: @unchecked Sendable {
    let memory: UnsafeMutableRawPointer
    let size: Int
  }

  /// Most recently freed last.
  private static let kept = Mutex<[Block]>([])

  /// A block of this size that was freed before, its contents undefined; `nil` where there is none.
  static func take(_ size: Int) -> UnsafeMutableRawPointer? {
    kept.withLock { blocks in blocks.lastIndex { $0.size == size }.map { blocks.remove(at: $0).memory } }
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
