/// A matrix seen with rows and columns exchanged: a flag on the same storage, no copy.
///
/// ```swift
/// let gram = a.transposed * a             // no copy of a
/// let copy = Matrix(a.transposed)         // the transpose in storage of its own
/// ```
///
/// Products and factorizations take it as it is; ``Matrix/init(_:)-(Transposed<Element>)`` copies it out.
public struct Transposed<Element: MatrixScalar>: Sendable, Equatable {
  /// The matrix under the flag.
  public let base: Matrix<Element>

  /// The matrix under the flag: transposing twice is the identity.
  public var transposed: Matrix<Element> { base }

  /// Entry (i, j), which is entry (j, i) of the matrix under the flag. Traps outside of the shape. O(1).
  @inlinable public subscript(i: Int, j: Int) -> Element { base[j, i] }
}

/// What can stand on either side of a product: a matrix, or one flagged as transposed.
///
/// ```swift
/// func energy(_ a: some MatrixOperand<Float>) -> Double { (a * Matrix.identity(a.columns)).norm(.frobenius) }
/// ```
public protocol MatrixOperand<Element>: Sendable {
  /// The element type.
  associatedtype Element: MatrixScalar
  /// The stored matrix.
  var base: Matrix<Element> { get }
  /// Whether the operand is the transpose of what is stored.
  var isTransposed: Bool { get }
}

extension MatrixOperand {
  /// The number of rows of the operand.
  public var rows: Int { isTransposed ? base.columns : base.rows }
  /// The number of columns of the operand.
  public var columns: Int { isTransposed ? base.rows : base.columns }
  /// The number of rows and of columns: `a.shape == (3, 4)`, or `let (m, n) = a.shape`.
  public var shape: (rows: Int, columns: Int) { (rows, columns) }
}

extension Transposed: MatrixOperand {
  /// Always true.
  public var isTransposed: Bool { true }
}

extension Matrix: MatrixOperand {
  /// The matrix itself.
  public var base: Matrix { self }
  /// Always false.
  public var isTransposed: Bool { false }

  /// The transpose as a flag on the same storage. O(1).
  public var transposed: Transposed<Element> { Transposed(base: self) }

  /// The transpose copied into storage of its own, block by block. O(mn).
  public init(_ view: Transposed<Element>) {
    let source = view.base
    self.init(rows: source.columns, columns: source.rows) { target in
      guard let target = target.baseAddress else { return }
      source.withUnsafeBase { base in
        _ = inParts(source.rows, flops: 8 * Double(source.count)) { range in
          Element._kernels.table.transpose(
            base + range.lowerBound * source.rowStride, range.count, source.columns, source.rowStride,
            target + range.lowerBound, source.rows)
        }
      }
    }
  }
}
