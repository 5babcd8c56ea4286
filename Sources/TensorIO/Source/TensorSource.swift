public import Foundation
public import Tensor

/// Tensors by name, whatever kind of file holds them.
///
/// ``SafetensorsFile``, ``Checkpoint``, ``NumpyFile`` and ``NumpyArchive`` are sources; ``TensorFiles/open(_:)`` opens
/// the one that fits. Opening reads headers only; numbers are read when asked for.
///
/// ```swift
/// let model = try TensorFiles.open("model.safetensors")
/// for tensor in model { print(tensor.name, tensor.type, tensor.shape) }
/// let head: Matrix<Float> = try model.matrix("lm_head.weight")
/// let expert: Matrix<Float> = try model.matrix("mlp.experts", at: .matrix(3))
/// ```
///
/// A new format conforms by the four requirements without a default.
public protocol TensorSource: Sequence, Sendable where Element == StoredTensor, Iterator == StoredTensorIterator {
  /// The file or folder that was opened.
  var url: URL { get }

  /// The names of all tensors, in the order of the file.
  var names: [String] { get }

  /// The tensor of this name: what it is, not its numbers.
  ///
  /// - Throws: ``TensorFileError/missingTensor(path:name:available:)``, with the names that may have been meant.
  func tensor(_ name: String) throws(TensorFileError) -> StoredTensor

  /// Reads elements of a tensor in row-major order, as `Float` or `Double`.
  ///
  /// float16 and bfloat16 widen exactly; integers beyond 2⁵³, and float64 read as `Float`, are rounded to nearest. NaN
  /// and infinities are read as they are.
  ///
  /// - Parameters:
  ///   - name: the tensor.
  ///   - elements: which elements, within 0 ..< `elementCount`; traps outside.
  ///   - target: as many entries as elements; traps otherwise.
  /// - Throws: ``TensorFileError/unsupportedType(path:tensor:type:)`` for types whose numbers are not read;
  ///   ``TensorFileError/truncated(path:)`` where the file has shrunk; ``TensorFileError/cancelled``.
  func read<Scalar: MatrixScalar>(
    _ name: String, elements: Range<Int>, into target: UnsafeMutableBufferPointer<Scalar>
  ) throws(TensorFileError)

  /// Reads a matrix for ``matrix(_:at:as:progress:)``. The default asks ``read(_:elements:into:)`` for one piece after
  /// another; a source that does not store rows one after the other has its own.
  func readMatrix<Scalar: MatrixScalar>(
    _ name: String, at selection: MatrixSelection, progress: ProgressHandler?
  ) throws(TensorFileError) -> Matrix<Scalar>
}

extension TensorSource {
  /// A tensor as a matrix, or a matrix of a tensor with three dimensions.
  ///
  /// - Parameters:
  ///   - name: the tensor.
  ///   - selection: the tensor itself unless one of its matrices or layers is chosen.
  ///   - type: the element type of the result.
  ///   - progress: is told the elements read so far.
  /// - Throws: ``TensorFileError/missingTensor(path:name:available:)``;
  ///   ``TensorFileError/wrongRank(path:tensor:shape:needed:)`` for other numbers of dimensions;
  ///   ``TensorFileError/noSuchPart(path:tensor:part:count:)``;
  ///   ``TensorFileError/exceedsMemory(path:tensor:bytes:limit:)`` before anything is allocated;
  ///   ``TensorFileError/cancelled``; what ``read(_:elements:into:)`` throws.
  /// - Complexity: one pass over the bytes of the matrix.
  public func matrix<Scalar: MatrixScalar>(
    _ name: String, at selection: MatrixSelection = .whole, as type: Scalar.Type = Scalar.self,
    progress: ProgressHandler? = nil
  ) throws(TensorFileError) -> Matrix<Scalar> {
    try readMatrix(name, at: selection, progress: progress)
  }

  /// A tensor of one dimension, or of two with one row or one column, as a vector.
  ///
  /// - Throws: ``TensorFileError/wrongRank(path:tensor:shape:needed:)`` for other shapes; otherwise as
  ///   ``matrix(_:at:as:progress:)``.
  public func vector<Scalar: MatrixScalar>(
    _ name: String, as type: Scalar.Type = Scalar.self
  ) throws(TensorFileError) -> Vector<Scalar> {
    let (path, tensor) = (url.relativePath, try tensor(name))
    guard tensor.shape.count <= 2, tensor.shape.count(where: { $0 != 1 }) <= 1 else {
      throw .wrongRank(path: path, tensor: name, shape: tensor.shape, needed: "a vector")
    }
    try MemoryLimit.check(tensor.elementCount, width: MemoryLayout<Scalar>.stride, path: path, tensor: name)
    return try Vector(count: tensor.elementCount) { (buffer) throws(TensorFileError) in
      try readPieces(name, from: 0, into: buffer) { _ in }
    }
  }

  /// One tensor after the other, in the order of ``names``. Those that cannot be opened, such as an array of Python
  /// objects in a `.npz` archive, are left out; ``tensor(_:)`` says why.
  public func makeIterator() -> StoredTensorIterator { StoredTensorIterator(self) }

  /// Reads a matrix row by row, or in one go where its rows follow each other.
  public func readMatrix<Scalar: MatrixScalar>(
    _ name: String, at selection: MatrixSelection, progress: ProgressHandler?
  ) throws(TensorFileError) -> Matrix<Scalar> {
    let path = url.relativePath
    let place = try MatrixPlacement(selection, of: try tensor(name).shape, path: path, tensor: name)
    try MemoryLimit.check(place.count, width: MemoryLayout<Scalar>.stride, path: path, tensor: name)
    return try readRows(name, at: place, progress)
  }

  /// Reads the rows of a matrix whose place was checked.
  func readRows<Scalar: MatrixScalar>(
    _ name: String, at place: MatrixPlacement, _ progress: ProgressHandler?
  ) throws(TensorFileError) -> Matrix<Scalar> {
    try Matrix(rows: place.rows, columns: place.columns) { (buffer) throws(TensorFileError) in
      // Without entries there may be any number of rows.
      guard !buffer.isEmpty else { return }
      let total = buffer.count
      guard place.stride != place.columns else {
        return try readPieces(name, from: place.start, into: buffer) { progress?($0, total) }
      }
      for i in 0..<place.rows {
        if Cancellation.isRequested { throw .cancelled }
        let row = UnsafeMutableBufferPointer(rebasing: buffer[(i * place.columns)..<((i + 1) * place.columns)])
        let first = place.start + i * place.stride
        try read(name, elements: first..<(first + place.columns), into: row)
        let done = (i + 1) * place.columns
        if done == total || done / pieceCount > (done - place.columns) / pieceCount { progress?(done, total) }
      }
    }
  }

  /// Reads elements from `start` on in pieces, between which it can be cancelled; `done` is told how many are read.
  private func readPieces<Scalar: MatrixScalar>(
    _ name: String, from start: Int, into target: UnsafeMutableBufferPointer<Scalar>, _ done: (Int) -> Void
  ) throws(TensorFileError) {
    for first in stride(from: 0, to: target.count, by: pieceCount) {
      if Cancellation.isRequested { throw .cancelled }
      let piece = first..<Swift.min(first + pieceCount, target.count)
      try read(
        name, elements: (start + piece.lowerBound)..<(start + piece.upperBound),
        into: UnsafeMutableBufferPointer(rebasing: target[piece]))
      done(piece.upperBound)
    }
  }
}

/// The tensors of a source, one after the other.
///
/// ```swift
/// var tensors = try Checkpoint("model").makeIterator()
/// print(tensors.next()?.name ?? "no tensors")
/// ```
public struct StoredTensorIterator: IteratorProtocol {
  private let source: any TensorSource
  private var rest: ArraySlice<String>

  init(_ source: any TensorSource) {
    self.source = source
    rest = source.names[...]
  }

  /// The next tensor that can be opened.
  public mutating func next() -> StoredTensor? {
    while let name = rest.popFirst() {
      if let tensor = try? source.tensor(name) { return tensor }
    }
    return nil
  }
}

/// Elements between two looks at the progress: a few blocks of the file.
private let pieceCount = 1 << 20
