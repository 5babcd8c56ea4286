/// Which matrix of a tensor is meant.
///
/// ```swift
/// let expert: Matrix<Float> = try TensorFiles.open("model").matrix("mlp.experts", at: .matrix(3))
/// ```
public enum MatrixSelection: Sendable, Equatable {
  /// The tensor itself: rank 2 as it is, rank 1 as a column, rank 0 as 1×1, and rank 4, as the weights of a
  /// convolution, as [out, rest].
  case whole
  /// Matrix e of a tensor [E, m, n], such as the weights of one expert.
  case matrix(Int)
  /// Layer l of a tensor [n, L, d]: the n×d matrix of its entries [i, l, j].
  case layer(Int)
}

/// Where the entries of a matrix lie in a tensor of row-major order: entry (i, j) is element start + i·stride + j.
struct MatrixPlacement: Equatable {
  let rows: Int
  let columns: Int
  let start: Int
  let stride: Int

  /// The place of a matrix in a tensor of this shape.
  ///
  /// - Throws: ``TensorFileError/wrongRank(path:tensor:shape:needed:)``, and
  ///   ``TensorFileError/noSuchPart(path:tensor:part:count:)`` for a matrix or layer beyond the shape.
  init(_ selection: MatrixSelection, of shape: [Int], path: String, tensor: String?) throws(TensorFileError) {
    func check(_ part: String, _ position: Int, of count: Int) throws(TensorFileError) {
      guard shape.count == 3 else {
        throw .wrongRank(path: path, tensor: tensor, shape: shape, needed: "three dimensions")
      }
      guard position >= 0, position < count else {
        throw .noSuchPart(path: path, tensor: tensor, part: "\(part) \(position)", count: count)
      }
    }
    switch selection {
    case .whole:
      guard shape.count <= 2 || shape.count == 4 else {
        let hint = shape.count == 3 ? "; name one of its matrices as NAME[0], or a layer as NAME[:,0]" : ""
        throw .wrongRank(path: path, tensor: tensor, shape: shape, needed: "a matrix or a vector\(hint)")
      }
      rows = shape.first ?? 1
      columns = shape.dropFirst().reduce(1, *)
      (start, stride) = (0, columns)
    case .matrix(let e):
      try check("matrix", e, of: shape.first ?? 0)
      (rows, columns) = (shape[1], shape[2])
      (start, stride) = (e * rows * columns, columns)
    case .layer(let l):
      try check("layer", l, of: shape.count > 1 ? shape[1] : 0)
      (rows, columns) = (shape[0], shape[2])
      (start, stride) = (l * columns, shape[1] * columns)
    }
  }

  /// The number of entries.
  var count: Int { rows * columns }
}
