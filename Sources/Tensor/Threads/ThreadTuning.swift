/// When work is split among threads.
struct ThreadTuning: Tuning {
  /// From so many operations on. To hand over a part takes up to 20 µs, as long as a million operations.
  var flopsWorthSplitting = 4e6

  static let standard = ThreadTuning()
}
