import Foundation

/// The memory under matrices and vectors: owned, 64-byte aligned, shared until written.
///
/// From 4 MiB on it is aligned to 2 MiB and the kernel is asked for huge pages: fewer TLB misses halve the time
/// of a tall product. What is freed from ``MemoryPool/smallest`` on may be used again.
@usableFromInline
final class MatrixStorage<Element: MatrixScalar>: @unchecked Sendable {
  @usableFromInline let base: UnsafeMutablePointer<Element>
  /// What `free` takes: `base` before it was aligned. `nil` for borrowed memory.
  private let allocation: UnsafeMutableRawPointer?
  /// The size of a block that goes back to the pool; `nil` for others.
  private let poolSize: Int?
  /// Who owns the memory, where it is borrowed, and while what writes to it are allowed.
  private let loan: (lender: MatrixStorage<Element>, scope: WriteScope)?

  /// Whether a sole owner of this object may write to the memory.
  @usableFromInline var isWritable: Bool { loan?.scope.isActive ?? true }

  /// Memory for `capacity` entries: zeros, which cost nothing until touched, or undefined values.
  init(_ contents: Contents, capacity: Int) {
    let huge = MemoryPool.hugePage
    let (bytes, overflow) = max(capacity, 1).multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    require(!overflow && bytes < Int.max - huge, "a matrix of \(capacity) entries exceeds the address space")
    let isLarge = bytes >= 2 * huge
    let alignment = isLarge ? huge : 64
    let isPooled = bytes >= MemoryPool.smallest
    let padded = (isPooled ? MemoryPool.size(for: bytes) : bytes) + alignment
    let used = isPooled ? MemoryPool.take(padded) : nil
    guard let memory = used?.memory ?? (contents == .zeros ? calloc(1, padded) : malloc(padded)) else {
      fatalError("out of memory for a matrix of \(bytes) bytes")
    }
    let aligned = memory.alignedUp(toMultipleOf: alignment)
    if used != nil {
      if contents == .zeros { memset(aligned, 0, bytes) }
    } else if isLarge {
      #if os(Linux)
        madvise(aligned, bytes, Int32(MADV_HUGEPAGE))
      #endif
    }
    base = aligned.bindMemory(to: Element.self, capacity: max(capacity, 1))
    allocation = memory
    poolSize = isPooled ? used?.size ?? padded : nil
    loan = nil
  }

  enum Contents {
    case zeros
    case undefined
  }

  /// The memory of another storage, writable while `scope` is active.
  init(borrowing lender: MatrixStorage<Element>, within scope: WriteScope) {
    base = lender.base
    (allocation, poolSize) = (nil, nil)
    loan = (lender, scope)
  }

  deinit {
    if let allocation, let poolSize {
      MemoryPool.give(allocation, size: poolSize)
    } else {
      free(allocation)
    }
  }
}

/// The time in which a view may write to memory that it borrows.
final class WriteScope {
  var isActive = true
}
