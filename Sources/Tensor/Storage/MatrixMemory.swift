import Foundation

extension Matrix {
  /// Throws where a matrix of this shape cannot fit into the memory that this process may use.
  ///
  /// For shapes that come from outside, before they are tried: an initializer that finds no memory stops the program.
  ///
  /// - Throws: ``LinearAlgebraError/exceedsMemory(rows:columns:limit:)``; ``LinearAlgebraError/invalidArgument(_:)``
  ///   for a negative number of rows or columns.
  /// - Complexity: O(1).
  public static func checkFits(rows: Int, columns: Int) throws(LinearAlgebraError) {
    guard rows >= 0, columns >= 0 else { throw .invalidArgument("a matrix cannot have the shape \(rows)x\(columns)") }
    let (count, isTooMany) = rows.multipliedReportingOverflow(by: columns)
    let (bytes, isTooLarge) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    guard !isTooMany, !isTooLarge, bytes <= usableMemory else {
      throw .exceedsMemory(rows: rows, columns: columns, limit: usableMemory)
    }
  }
}

/// The bytes that this process may use at most: those of the machine, or fewer where its address space or its container
/// is limited.
public let usableMemory: Int = {
  var limit = Int(clamping: ProcessInfo.processInfo.physicalMemory)
  #if os(Linux)
    var space = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &space) == 0 {
      limit = min(limit, Int(clamping: space.rlim_cur))
    }
    // A container's limit, in the second and the first version of control groups; the file holds "max" where there is
    // none.
    for path in ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"] {
      let text = try? String(contentsOfFile: path, encoding: .utf8)
      if let bytes = text?.split(whereSeparator: \.isWhitespace).first.flatMap({ Int($0) }) {
        limit = min(limit, bytes)
      }
    }
  #endif
  return limit
}()
