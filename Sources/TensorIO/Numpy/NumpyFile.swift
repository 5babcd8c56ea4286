public import Foundation
public import Tensor

/// An array in numpy's `.npy` format, opened and checked, not loaded.
///
/// Versions 1.0, 2.0 and 3.0; floating point of 2, 4 and 8 bytes, integers and booleans; both orders and both kinds of
/// endianness.
public final class NumpyFile: Sendable {
  /// The sizes of the dimensions, as numpy shows them.
  public let shape: [Int]
  /// The type of the numbers.
  public let type: ElementType

  private let file: PositionedFile
  private let header: NumpyHeader
  private let label: String?

  /// Opens a file and checks its header.
  ///
  /// - Throws: ``TensorFileError``; nothing is allocated for sizes that the file only claims.
  public convenience init(_ url: URL) throws(TensorFileError) {
    let file = try PositionedFile(url)
    try self.init(file, in: 0..<file.size, label: nil)
  }

  /// The array that fills a range of a file, for a member of an archive.
  init(_ file: PositionedFile, in range: Range<Int>, label: String?) throws(TensorFileError) {
    self.file = file
    self.label = label
    header = try NumpyHeader(file, in: range, label: label)
    (shape, type) = (header.shape, header.type)
  }

  /// The array as a matrix: two dimensions as they are, one as a column, none as 1×1.
  ///
  /// Integers beyond 2⁵³, and float64 read as `Float`, are rounded to nearest; NaN and infinities are kept.
  ///
  /// - Throws: ``TensorFileError/wrongRank(path:tensor:shape:needed:)`` for more dimensions;
  ///   ``TensorFileError/truncated(path:)``.
  /// - Complexity: one pass; a second matrix for arrays in Fortran order.
  public func matrix<Element: MatrixScalar>(
    as type: Element.Type = Element.self
  ) throws(TensorFileError) -> Matrix<Element> {
    guard shape.count <= 2 else {
      throw .wrongRank(path: file.path, tensor: label, shape: shape, needed: "a matrix or a vector")
    }
    let (rows, columns) = (shape.first ?? 1, shape.count == 2 ? shape[1] : 1)
    let isTransposed = header.isFortranOrder && shape.count == 2
    let stored = try Matrix<Element>(
      rows: isTransposed ? columns : rows, columns: isTransposed ? rows : columns
    ) { (buffer) throws(TensorFileError) in
      try file.decode(at: header.dataStart, header.type, isSwapped: header.isBigEndian, into: buffer)
    }
    return isTransposed ? Matrix(stored.transposed) : stored
  }

  /// Writes a matrix as `<f4` or `<f8` in C order, byte for byte as `numpy.save` does, whole or not at all.
  ///
  /// - Throws: ``TensorFileError/cannotWrite(path:reason:)``.
  public static func write<Element: MatrixScalar>(
    _ matrix: Matrix<Element>, to url: URL
  ) throws(TensorFileError) {
    try write(matrix.flattened, shape: [matrix.rows, matrix.columns], to: url)
  }

  /// Writes a vector as an array of one dimension, as `<f4` or `<f8`, whole or not at all.
  ///
  /// - Throws: ``TensorFileError/cannotWrite(path:reason:)``.
  public static func write<Element: MatrixScalar>(
    _ vector: Vector<Element>, to url: URL
  ) throws(TensorFileError) {
    try write(vector, shape: [vector.count], to: url)
  }

  private static func write<Element: MatrixScalar>(
    _ entries: Vector<Element>, shape: [Int], to url: URL
  ) throws(TensorFileError) {
    let output = try AtomicFile(url)
    try output.write(headerBytes(descriptor: Element.self == Float.self ? "<f4" : "<f8", shape: shape))
    try entries.withUnsafeBase { (base) throws(TensorFileError) in
      try output.write(UnsafeRawBufferPointer(start: base, count: entries.count * MemoryLayout<Element>.size))
    }
    try output.commit()
  }

  /// Version 1.0, with numpy's spare room for a growing first axis, filled to a multiple of 64 bytes.
  private static func headerBytes(descriptor: String, shape: [Int]) -> [UInt8] {
    let tuple = shape.count == 1 ? "(\(shape[0]),)" : "(\(shape.map(String.init).joined(separator: ", ")))"
    var text = "{'descr': '\(descriptor)', 'fortran_order': False, 'shape': \(tuple), }"
    if let first = shape.first { text += String(repeating: " ", count: 21 - String(first).count) }
    let unpadded = 10 + text.utf8.count + 1
    text += String(repeating: " ", count: 64 - unpadded % 64) + "\n"
    let length = text.utf8.count
    return [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + Array(text.utf8)
  }
}
