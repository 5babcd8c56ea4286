import CKernels
import Foundation

/// The second-level cache of a core, by which OpenBLAS cuts the blocks of a product.
///
/// ```swift
/// let cache = SecondLevelCache.current
/// print(cache.assumedByOpenBLAS ?? 0, cache.reportedBySystem ?? 0)
/// ```
public struct SecondLevelCache: Sendable, Equatable, Codable {
  /// What OpenBLAS takes it for, in bytes: the environment variable `OPENBLAS_L2_SIZE`, else what the processor tells
  /// by its own instruction, which confidential virtual machines answer with nothing or with a default.
  public let assumedByOpenBLAS: Int?
  /// What the system reports, in bytes; `nil` where it does not.
  public let reportedBySystem: Int?

  /// The one of this machine.
  public static var current: SecondLevelCache {
    let asked = ProcessInfo.processInfo.environment["OPENBLAS_L2_SIZE"].flatMap { Int($0) }.map { $0 << 10 }
    let told = ck_level2_bytes()
    var reported: Int?
    if let text = try? String(contentsOfFile: "/sys/devices/system/cpu/cpu0/cache/index2/size", encoding: .utf8),
      let kibibytes = text.split(whereSeparator: \.isWhitespace).first.flatMap({ Int($0.dropLast()) })
    {
      reported = kibibytes << 10
    }
    return SecondLevelCache(assumedByOpenBLAS: asked ?? (told > 0 ? told : nil), reportedBySystem: reported)
  }
}
