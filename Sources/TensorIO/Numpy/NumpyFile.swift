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

  /// What the entries stand for, which only the type says: an array has no neighbours.
  public var content: TensorContent { ContentRules.content(of: type) }

  private let file: any ByteSource
  private let header: NumpyHeader
  private let label: String?

  /// Opens a file and checks its header.
  ///
  /// - Throws: ``TensorFileError``; nothing is allocated for sizes that the file only claims.
  public convenience init(_ url: URL) throws(TensorFileError) {
    let file = try PositionedFile(url)
    if let refusal = FileKind(file)?.refusal(path: file.path, as: .npy) { throw refusal }
    try self.init(file, in: 0..<file.size, label: nil)
  }

  /// The array that fills a range of a file, for a member of an archive.
  init(_ file: any ByteSource, in range: Range<Int>, label: String?) throws(TensorFileError) {
    self.file = file
    self.label = label
    header = try NumpyHeader(file, in: range, label: label)
    (shape, type) = (header.shape, header.type)
  }

  /// The array as a matrix, or a matrix of an array with three dimensions.
  ///
  /// Integers beyond 2⁵³, and float64 read as `Float`, are rounded to nearest; NaN and infinities are kept.
  ///
  /// - Parameters:
  ///   - selection: the array itself unless one of its matrices or layers is chosen.
  ///   - type: the element type of the result.
  /// - Throws: ``TensorFileError/wrongRank(path:tensor:shape:needed:)`` for other ranks,
  ///   ``TensorFileError/noSuchPart(path:tensor:part:count:)``, ``TensorFileError/exceedsMemory(path:tensor:bytes:limit:)``
  ///   before anything is allocated; ``TensorFileError/truncated(path:)``.
  /// - Complexity: one pass; a second matrix for arrays in Fortran order.
  public func matrix<Element: MatrixScalar>(
    _ selection: MatrixSelection = .whole, as type: Element.Type = Element.self
  ) throws(TensorFileError) -> Matrix<Element> {
    let place = try MatrixPlacement(selection, of: shape, path: file.path, tensor: label)
    let isPermuted = header.isFortranOrder && shape.count >= 2
    let held = isPermuted ? shape.reduce(1, *) + place.count : place.count
    try MemoryLimit.check(held, width: MemoryLayout<Element>.stride, path: file.path, tensor: label)
    guard isPermuted, place.count > 0 else {
      return try Matrix(rows: place.rows, columns: place.columns) { (buffer) throws(TensorFileError) in
        guard !buffer.isEmpty else { return }
        if place.stride == place.columns { return try read(from: place.start, into: buffer) }
        for i in 0..<place.rows {
          let row = UnsafeMutableBufferPointer(rebasing: buffer[(i * place.columns)..<((i + 1) * place.columns)])
          try read(from: place.start + i * place.stride, into: row)
        }
      }
    }
    if shape.count == 2 {
      let stored = try Matrix<Element>(rows: shape[1], columns: shape[0]) { (buffer) throws(TensorFileError) in
        try read(from: 0, into: buffer)
      }
      return Matrix(stored.transposed)
    }
    let stored = try Vector<Element>(count: shape.reduce(1, *)) { (buffer) throws(TensorFileError) in
      try read(from: 0, into: buffer)
    }
    let (start, rowStep, columns) = fortranPlaces(selection)
    return stored.withUnsafeBase { base in
      Matrix(rows: place.rows, columns: place.columns) { buffer in
        for i in 0..<place.rows {
          for (j, column) in columns.enumerated() { buffer[i * columns.count + j] = base[start + i * rowStep + column] }
        }
      }
    }
  }

  /// Where entry (i, j) of a matrix of an array in Fortran order lies: start + i·rowStep + columns[j].
  private func fortranPlaces(_ selection: MatrixSelection) -> (start: Int, rowStep: Int, columns: [Int]) {
    switch selection {
    case .matrix(let e): (e, shape[0], (0..<shape[2]).map { $0 * shape[0] * shape[1] })
    case .layer(let l): (l * shape[0], 1, (0..<shape[2]).map { $0 * shape[0] * shape[1] })
    case .whole:
      // Four dimensions: the columns count through the last three, the last one fastest.
      (
        0, 1,
        (0..<(shape[1] * shape[2] * shape[3])).map { column in
          let (b, c) = (column / shape[3] % shape[2], column % shape[3])
          return shape[0] * (column / (shape[2] * shape[3]) + shape[1] * (b + shape[2] * c))
        }
      )
    }
  }

  private func read<Element: MatrixScalar>(
    from element: Int, into buffer: UnsafeMutableBufferPointer<Element>
  ) throws(TensorFileError) {
    let start = header.dataStart + element * (header.type.bits / 8)
    try file.decode(at: start, header.type, isSwapped: header.isBigEndian, into: buffer, tensor: label)
  }

  /// Writes a matrix as `<f4` or `<f8` in C order, byte for byte as `numpy.save` does, whole or not at all.
  ///
  /// - Throws: ``TensorFileError/cannotWrite(path:reason:)``.
  public static func write<Element: MatrixScalar>(
    _ matrix: Matrix<Element>, to url: URL
  ) throws(TensorFileError) {
    try write(matrix.flattened, shape: [matrix.rows, matrix.columns], into: AtomicFile(url))
  }

  /// Writes a vector as an array of one dimension, as `<f4` or `<f8`, whole or not at all.
  ///
  /// - Throws: ``TensorFileError/cannotWrite(path:reason:)``.
  public static func write<Element: MatrixScalar>(
    _ vector: Vector<Element>, to url: URL
  ) throws(TensorFileError) {
    try write(vector, into: AtomicFile(url))
  }

  /// Writes a vector into a file that was opened before, and makes it appear.
  ///
  /// - Throws: ``TensorFileError/cannotWrite(path:reason:)``.
  public static func write<Element: MatrixScalar>(
    _ vector: Vector<Element>, into file: AtomicFile
  ) throws(TensorFileError) {
    try write(vector, shape: [vector.count], into: file)
  }

  private static func write<Element: MatrixScalar>(
    _ entries: Vector<Element>, shape: [Int], into output: AtomicFile
  ) throws(TensorFileError) {
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
