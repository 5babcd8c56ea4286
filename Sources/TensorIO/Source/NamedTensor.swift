public import Tensor

/// A tensor that is to be written: a name, a shape, numbers, and the type that they are stored in.
///
/// Tensors of different types and numbers of dimensions go into one file.
///
/// ```swift
/// // Given: values: Vector<Float>, ids: [Int]
/// try TensorFiles.write(
///   [
///     NamedTensor("weights", w, storedAs: .bf16),
///     NamedTensor("activations", values, shape: [12, 6, 64]),
///     NamedTensor("token_ids", integers: ids),
///   ], to: "run.safetensors")
/// ```
public struct NamedTensor: Sendable {
  /// The name.
  public let name: String
  /// The type that the numbers are stored in, to which each is rounded once.
  public let type: ElementType
  /// The sizes of its dimensions, slowest first.
  public let shape: [Int]
  /// Gives the numbers as bytes, block by block; `path` is for messages.
  let bytes: @Sendable (_ path: String, _ sink: ByteSink) throws(TensorFileError) -> Void

  /// Takes the next bytes of a tensor.
  typealias ByteSink = (UnsafeRawBufferPointer) throws(TensorFileError) -> Void

  /// A matrix, of two dimensions.
  ///
  /// - Parameters:
  ///   - name: the name, not empty, without control characters.
  ///   - matrix: the numbers.
  ///   - type: the type to round to, ties to even; by default that of the matrix, F32 or F64.
  public init<Scalar: MatrixScalar>(_ name: String, _ matrix: Matrix<Scalar>, storedAs type: ElementType? = nil) {
    self.init(name, matrix.flattened, shape: [matrix.rows, matrix.columns], storedAs: type)
  }

  /// A vector, of one dimension.
  public init<Scalar: MatrixScalar>(_ name: String, _ vector: Vector<Scalar>, storedAs type: ElementType? = nil) {
    self.init(name, vector, shape: [vector.count], storedAs: type)
  }

  /// Numbers in row-major order, of any number of dimensions.
  ///
  /// - Parameters:
  ///   - name: the name, not empty, without control characters.
  ///   - entries: as many numbers as the shape has; traps otherwise.
  ///   - shape: the sizes of the dimensions, slowest first.
  ///   - type: the type to round to, ties to even; by default that of the entries, F32 or F64.
  public init<Scalar: MatrixScalar>(
    _ name: String, _ entries: Vector<Scalar>, shape: [Int], storedAs type: ElementType? = nil
  ) {
    require(
      shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == entries.count,
      "\(entries.count) entries for a tensor of shape \(shape)")
    let type = type ?? (Scalar.self == Float.self ? .f32 : .f64)
    (self.name, self.type, self.shape) = (name, type, shape)
    bytes = { (path, sink) throws(TensorFileError) in
      try entries.withUnsafeBase { (base) throws(TensorFileError) in
        let values = UnsafeBufferPointer(start: base, count: entries.count)
        try NumberCoding.encode(values, as: type, of: name, path: path, into: sink)
      }
    }
  }

  /// Matrices of one shape [m, n], as a tensor [count, m, n]. Traps where the shapes differ.
  public init<Scalar: MatrixScalar>(_ name: String, _ matrices: [Matrix<Scalar>], storedAs type: ElementType? = nil) {
    let (rows, columns) = (matrices.first?.rows ?? 0, matrices.first?.columns ?? 0)
    require(
      matrices.allSatisfy { $0.rows == rows && $0.columns == columns }, "matrices of different shapes in one tensor")
    let type = type ?? (Scalar.self == Float.self ? .f32 : .f64)
    (self.name, self.type, shape) = (name, type, [matrices.count, rows, columns])
    bytes = { (path, sink) throws(TensorFileError) in
      for matrix in matrices { try NamedTensor(name, matrix, storedAs: type).bytes(path, sink) }
    }
  }

  /// Whole numbers, stored as I64, each exactly.
  ///
  /// - Parameters:
  ///   - name: the name, not empty, without control characters.
  ///   - integers: the numbers in row-major order.
  ///   - shape: the sizes of the dimensions; one dimension by default. Traps where it has not as many entries.
  public init(_ name: String, integers: [Int], shape: [Int]? = nil) {
    let shape = shape ?? [integers.count]
    require(
      shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == integers.count,
      "\(integers.count) integers for a tensor of shape \(shape)")
    (self.name, type, self.shape) = (name, .i64, shape)
    bytes = { (_, sink) throws(TensorFileError) in
      let little = integers.map { Int64($0).littleEndian }
      try little.withUnsafeBufferPointer { (numbers) throws(TensorFileError) in
        try sink(UnsafeRawBufferPointer(numbers))
      }
    }
  }
}
