/// Which way a product is computed, and when it is split.
struct ProductTuning: Tuning {
  /// Up to this many columns (rows) the right (left) factor counts as thin: the kernel for it reads the large factor
  /// once, where BLAS would take as long to pack it.
  var thinnest = 96
  /// From so many entries on the other factor counts as large in `a * b`. A 1024x1024 matrix times 16 columns takes
  /// 0.10 instead of 0.18 ms in single precision (AMD Zen 5, two threads); below, both take as long.
  var smallestLargeFactor = 1 << 18
  /// From so many operations on a product by BLAS is split. A thread computes a smaller one in less time than it takes
  /// to pack one of the operands twice.
  var flopsWorthSplitting = 2e7
  /// From this ratio of the inner dimension to the longer outer one on, threads share the inner one and add up what
  /// they get: an outer one would leave each a strip too narrow for BLAS.
  var innerRatioWorthSplitting = 16
  /// So many rows of a result with few columns are computed at once: padded to whole vectors, all rows of a result of
  /// one column would take sixteen times its memory.
  var paddedRows = 512

  static let standard = ProductTuning()
}
