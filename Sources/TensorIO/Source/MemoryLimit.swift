import Tensor

/// Refuses what cannot fit into memory before it is tried.
enum MemoryLimit {
  /// Refuses numbers that cannot fit.
  ///
  /// - Throws: ``TensorFileError/exceedsMemory(path:tensor:bytes:limit:)``.
  static func check(_ count: Int, width: Int, path: String, tensor: String?) throws(TensorFileError) {
    let (needed, overflow) = count.multipliedReportingOverflow(by: width)
    guard !overflow, needed <= usableMemory else {
      throw .exceedsMemory(path: path, tensor: tensor, bytes: overflow ? .max : needed, limit: usableMemory)
    }
  }
}
