import Foundation

/// How much memory this process may have, to refuse what cannot fit before it is tried.
enum MemoryLimit {
  /// The least of the machine's memory, the limit of the address space and the limit of the container, in bytes.
  static let bytes: Int = {
    var limit = Int.max
    let (pages, size) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
    if pages > 0, size > 0 { limit = pages.multipliedReportingOverflow(by: size).partialValue }
    var space = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &space) == 0, let value = Int(exactly: space.rlim_cur) {
      limit = min(limit, value)
    }
    for path in ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"] {
      let text = try? String(contentsOfFile: path, encoding: .utf8)
      if let value = text.flatMap({ Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }) {
        limit = min(limit, value)
      }
    }
    return limit
  }()

  /// Refuses numbers that cannot fit.
  ///
  /// - Throws: ``TensorFileError/exceedsMemory(path:tensor:bytes:limit:)``.
  static func check(_ count: Int, width: Int, path: String, tensor: String?) throws(TensorFileError) {
    let (needed, overflow) = count.multipliedReportingOverflow(by: width)
    guard !overflow, needed <= bytes else {
      throw .exceedsMemory(path: path, tensor: tensor, bytes: overflow ? .max : needed, limit: bytes)
    }
  }
}
