public import Tensor

/// A tensor in a file: what it is, and how to read it.
///
/// ```swift
/// for tensor in try Checkpoint("model") where tensor.content == .numbers {
///   for matrix in tensor.matrices { print(matrix.name, try matrix.read(as: Float.self).shape) }
/// }
/// ```
public struct StoredTensor: Sendable {
  /// The name.
  public let name: String
  /// The type that its numbers are stored in.
  public let type: ElementType
  /// The sizes of its dimensions, slowest first; empty for a scalar.
  public let shape: [Int]
  /// What its entries stand for: numbers, integers, or the codes of a quantized weight.
  public let content: TensorContent
  private let source: any TensorSource

  init(name: String, type: ElementType, shape: [Int], content: TensorContent, in source: any TensorSource) {
    (self.name, self.type, self.shape, self.content, self.source) = (name, type, shape, content, source)
  }

  init(_ info: TensorInfo, content: TensorContent, in source: any TensorSource) {
    self.init(name: info.name, type: info.type, shape: info.shape, content: content, in: source)
  }

  /// The number of elements, the product of the shape.
  public var elementCount: Int { shape.reduce(1, *) }

  /// The bytes of its numbers as they are stored, uncompressed.
  public var byteCount: Int { (elementCount * type.bits + 7) / 8 }

  /// The tensor as a matrix, or one of its matrices: ``TensorSource/matrix(_:at:as:progress:)``.
  public func matrix<Scalar: MatrixScalar>(
    at selection: MatrixSelection = .whole, as type: Scalar.Type = Scalar.self, progress: ProgressHandler? = nil
  ) throws(TensorFileError) -> Matrix<Scalar> {
    try source.matrix(name, at: selection, progress: progress)
  }

  /// The tensor as a vector: ``TensorSource/vector(_:as:)``.
  public func vector<Scalar: MatrixScalar>(
    as type: Scalar.Type = Scalar.self
  ) throws(TensorFileError) -> Vector<Scalar> {
    try source.vector(name)
  }

  /// Reads elements in row-major order: ``TensorSource/read(_:elements:into:)``.
  public func read<Scalar: MatrixScalar>(
    elements: Range<Int>, into target: UnsafeMutableBufferPointer<Scalar>
  ) throws(TensorFileError) {
    try source.read(name, elements: elements, into: target)
  }

  /// The matrices of the tensor: of three dimensions [E, m, n] each m×n one, named `name[e]`, otherwise the tensor
  /// itself. Only a tensor of up to four dimensions can be read as a matrix; ``obstacle(integers:)`` tells.
  public var matrices: [StoredMatrix] {
    guard shape.count == 3 else { return [StoredMatrix(of: self, at: .whole)] }
    return shape.contains(0) ? [] : (0..<shape[0]).map { StoredMatrix(of: self, at: .matrix($0)) }
  }

  /// The layers of a tensor [n, L, d], such as activations: L matrices of n×d, named `name[:,l]`. Empty for tensors
  /// that do not have three dimensions.
  public var layers: [StoredMatrix] {
    guard shape.count == 3, !shape.contains(0) else { return [] }
    return (0..<shape[1]).map { StoredMatrix(of: self, at: .layer($0)) }
  }
}

extension StoredTensor: CustomStringConvertible {
  /// The name, type and shape.
  public var description: String { "\(name) \(type.rawValue) \(shape)" }
}

/// A matrix in a file: a tensor, or one matrix or layer of it.
///
/// ```swift
/// for matrix in try TensorFiles.open("model").matrixListing() {
///   print(matrix.name, try matrix.read(as: Float.self).shape)
/// }
/// ```
public struct StoredMatrix: Sendable {
  /// The tensor that it is a part of.
  public let tensor: StoredTensor
  /// Which part.
  public let selection: MatrixSelection

  /// A part of a tensor; nothing is checked until it is read.
  public init(of tensor: StoredTensor, at selection: MatrixSelection) {
    (self.tensor, self.selection) = (tensor, selection)
  }

  /// The name of the tensor, with `[e]` or `[:,l]` after it for a part.
  public var name: String {
    switch selection {
    case .whole: tensor.name
    case .matrix(let e): "\(tensor.name)[\(e)]"
    case .layer(let l): "\(tensor.name)[:,\(l)]"
    }
  }

  /// Reads the numbers: ``TensorSource/matrix(_:at:as:progress:)``.
  public func read<Scalar: MatrixScalar>(
    as type: Scalar.Type = Scalar.self, progress: ProgressHandler? = nil
  ) throws(TensorFileError) -> Matrix<Scalar> {
    try tensor.matrix(at: selection, progress: progress)
  }
}
