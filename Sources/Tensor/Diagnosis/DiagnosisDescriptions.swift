extension KnownAnswer: CustomStringConvertible {
  /// The computation, whether its answer was right, and how far off it was.
  public var description: String { "\(name): \(passed ? "right" : "wrong") (\(detail))" }
}

extension OpenBLASSetUp: CustomStringConvertible {
  /// `OpenBLAS runs its Haswell kernels and chose Prescott by itself: mended`.
  public var description: String {
    let choice = chosen == kernels ? "" : " and chose \(chosen) by itself"
    return "OpenBLAS runs its \(kernels) kernels\(choice): \(outcome.rawValue)"
  }
}

extension SecondLevelCache: CustomStringConvertible {
  /// `second-level cache: OpenBLAS assumes 2048 KiB, the system reports 2048 KiB`.
  public var description: String {
    func shown(_ bytes: Int?) -> String { bytes.map { "\($0 >> 10) KiB" } ?? "no size" }
    return "second-level cache: OpenBLAS assumes \(shown(assumedByOpenBLAS)), the system reports "
      + shown(reportedBySystem)
  }
}
