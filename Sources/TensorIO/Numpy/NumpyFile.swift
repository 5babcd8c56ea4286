public import Foundation
public import Tensor

/// An array in numpy's `.npy` format, opened and checked, not loaded.
///
/// Versions 1.0, 2.0 and 3.0; floating point of 2, 4 and 8 bytes, integers and booleans; both orders and both kinds of
/// endianness.
///
/// As a ``TensorSource`` it has one tensor, which goes by the name of the file without its ending.
///
/// ```swift
/// let rows: Matrix<Float> = try NumpyFile("rows.npy").matrix()
/// try rows.write(to: "copy.npy")
/// ```
public final class NumpyFile: TensorSource {
  /// The file; of an array in an archive, the archive.
  public let url: URL
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
  public convenience init(_ location: some FileLocation) throws(TensorFileError) {
    let url = location.fileURL
    let file = try PositionedFile(url)
    if let refusal = FileKind(file)?.refusal(path: file.path, as: .npy) { throw refusal }
    try self.init(file, at: url, in: 0..<file.size, label: nil)
  }

  /// The array that fills a range of a file, for a member of an archive.
  init(_ file: any ByteSource, at url: URL, in range: Range<Int>, label: String?) throws(TensorFileError) {
    self.file = file
    self.url = url
    self.label = label
    header = try NumpyHeader(file, in: range, label: label)
    (shape, type) = (header.shape, header.type)
  }

  /// The one name: that of the file without `.npy`, or that in the archive.
  public var names: [String] { [name] }

  private var name: String { label ?? url.deletingPathExtension().lastPathComponent }

  /// The array, by its one name.
  ///
  /// - Throws: ``TensorFileError/missingTensor(path:name:available:)`` for another name.
  public func tensor(_ name: String) throws(TensorFileError) -> StoredTensor {
    guard ExactName(name) == ExactName(self.name) else {
      throw .missingTensor(path: file.path, name: name, available: names)
    }
    return StoredTensor(name: name, type: type, shape: shape, content: content, in: self)
  }

  /// The array as a matrix, or a matrix of an array with three dimensions: ``TensorSource/matrix(_:at:as:progress:)``
  /// without a name.
  ///
  /// - Complexity: one pass; for arrays in Fortran order a second matrix, or the whole array, beside the result.
  public func matrix<Scalar: MatrixScalar>(
    at selection: MatrixSelection = .whole, as type: Scalar.Type = Scalar.self, progress: ProgressHandler? = nil
  ) throws(TensorFileError) -> Matrix<Scalar> {
    try matrix(name, at: selection, progress: progress)
  }

  /// The array as a vector: ``TensorSource/vector(_:as:)`` without a name.
  public func vector<Scalar: MatrixScalar>(
    as type: Scalar.Type = Scalar.self
  ) throws(TensorFileError) -> Vector<Scalar> {
    try vector(name)
  }

  /// Reads elements in row-major order: ``TensorSource/read(_:elements:into:)``.
  ///
  /// - Complexity: of an array in Fortran order, one pass over the whole array and a copy of it.
  public func read<Scalar: MatrixScalar>(
    _ name: String, elements: Range<Int>, into target: UnsafeMutableBufferPointer<Scalar>
  ) throws(TensorFileError) {
    let count = try tensor(name).elementCount
    require(
      elements.lowerBound >= 0 && elements.upperBound <= count && elements.count == target.count,
      "elements \(elements) of \(count) into \(target.count) entries")
    guard isPermuted, !elements.isEmpty else { return try readStored(from: elements.lowerBound, into: target) }
    try MemoryLimit.check(count, width: MemoryLayout<Scalar>.stride, path: file.path, tensor: label)
    let stored: Vector<Scalar> = try storedOrder()
    stored.withUnsafeBase { base in
      for (i, element) in elements.enumerated() { target[i] = base[fortranPosition(of: element)] }
    }
  }

  /// Reads a matrix, of an array in Fortran order by a second copy of its numbers.
  public func readMatrix<Scalar: MatrixScalar>(
    _ name: String, at selection: MatrixSelection, progress: ProgressHandler?
  ) throws(TensorFileError) -> Matrix<Scalar> {
    _ = try tensor(name)
    let place = try MatrixPlacement(selection, of: shape, path: file.path, tensor: label)
    let held = isPermuted ? shape.reduce(1, *) + place.count : place.count
    try MemoryLimit.check(held, width: MemoryLayout<Scalar>.stride, path: file.path, tensor: label)
    guard isPermuted, place.count > 0 else { return try readRows(name, at: place, progress) }
    if shape.count == 2 {
      let stored = try Matrix<Scalar>(rows: shape[1], columns: shape[0]) { (buffer) throws(TensorFileError) in
        try readStored(from: 0, into: buffer)
      }
      return Matrix(stored.transposed)
    }
    let stored: Vector<Scalar> = try storedOrder()
    // Columns count through other dimensions than rows do, so that their positions add up.
    let columns = (0..<place.columns).map(fortranPosition)
    return stored.withUnsafeBase { base in
      Matrix(rows: place.rows, columns: place.columns) { buffer in
        for i in 0..<place.rows {
          let row = fortranPosition(of: place.start + i * place.stride)
          for (j, column) in columns.enumerated() { buffer[i * columns.count + j] = base[row + column] }
        }
      }
    }
  }

  /// Whether the numbers lie in another order than that of rows.
  private var isPermuted: Bool { header.isFortranOrder && shape.count >= 2 }

  /// All numbers in the order of the file.
  private func storedOrder<Scalar: MatrixScalar>() throws(TensorFileError) -> Vector<Scalar> {
    try Vector(count: shape.reduce(1, *)) { (buffer) throws(TensorFileError) in try readStored(from: 0, into: buffer) }
  }

  /// Where an element, counted in row-major order, lies in an array in Fortran order.
  private func fortranPosition(of element: Int) -> Int {
    var (rest, step, position) = (element, shape.reduce(1, *), 0)
    for size in shape.reversed() {
      step /= size
      position += rest % size * step
      rest /= size
    }
    return position
  }

  private func readStored<Scalar: MatrixScalar>(
    from element: Int, into buffer: UnsafeMutableBufferPointer<Scalar>
  ) throws(TensorFileError) {
    let start = header.dataStart + element * (header.type.bits / 8)
    try file.decode(
      at: start, header.type, isSwapped: header.isBigEndian, into: buffer, tensor: label, number: element)
  }
}
