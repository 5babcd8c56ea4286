/// The loops that stay in Swift: generic, and specialized for `Float` and `Double` where the kernel tables name them.
///
/// Loops over every entry are C functions (`CKernelsEntries.h`), because a generic loop is slow in a debug build.
enum Loops {
  /// The transpose of rows of `columns` entries, `stride` apart, without gaps.
  static func transpose<S: MatrixScalar>(
    _ x: UnsafePointer<S>, _ rows: Int, _ columns: Int, _ stride: Int, _ y: UnsafeMutablePointer<S>, _ pitch: Int
  ) {
    // Through a tile, so that neither side is touched in strides: rows a power of two apart share cache sets.
    let side = 32
    // One entry more than a row needs, so that the columns of the tile do not share cache sets either.
    let tilePitch = side + 1
    withUnsafeTemporaryAllocation(of: S.self, capacity: side * tilePitch) { tile in
      guard let tile = tile.baseAddress else { return }
      for top in Swift.stride(from: 0, to: rows, by: side) {
        let height = min(side, rows &- top)
        for left in Swift.stride(from: 0, to: columns, by: side) {
          let (source, target) = (x + (top * stride + left), y + (left * pitch + top))
          transposeBlock(source, height, min(side, columns &- left), stride, tile, tilePitch, target, pitch)
        }
      }
    }
  }

  /// The transpose of a block that fits into the tile.
  @inline(__always)
  private static func transposeBlock<S: MatrixScalar>(
    _ x: UnsafePointer<S>, _ height: Int, _ width: Int, _ stride: Int, _ tile: UnsafeMutablePointer<S>,
    _ tilePitch: Int, _ y: UnsafeMutablePointer<S>, _ pitch: Int
  ) {
    for i in 0..<height { (tile + i * tilePitch).initialize(from: x + i * stride, count: width) }
    for j in 0..<width {
      let target = y + j * pitch
      for i in 0..<height { target[i] = tile[i &* tilePitch &+ j] }
    }
  }

  /// x = −x.
  static func negate<S: MatrixScalar>(_ x: UnsafeMutablePointer<S>, _ count: Int) {
    for i in 0..<count { x[i] = -x[i] }
  }

  /// Whether the first entry of at least this magnitude is negative.
  static func isNegative<S: MatrixScalar>(_ x: UnsafePointer<S>, _ count: Int, _ threshold: S) -> Bool {
    for i in 0..<count where x[i].magnitude >= threshold { return x[i] < 0 }
    return false
  }
}
