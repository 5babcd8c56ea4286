public import Foundation
public import Tensor

/// A named matrix or vector to be written.
public struct NamedTensor<Element: MatrixScalar>: Sendable {
  let name: String
  let shape: [Int]
  let entries: Vector<Element>

  /// A matrix, written with two dimensions.
  public init(_ name: String, _ matrix: Matrix<Element>) {
    self.name = name
    shape = [matrix.rows, matrix.columns]
    entries = matrix.flattened
  }

  /// A vector, written with one dimension.
  public init(_ name: String, _ vector: Vector<Element>) {
    self.name = name
    shape = [vector.count]
    entries = vector
  }
}

extension SafetensorsFile {
  /// Writes a few tensors as F32 or F64, whole or not at all.
  ///
  /// - Throws: ``TensorFileError/cannotWrite(path:reason:)``.
  public static func write<Element: MatrixScalar>(
    _ tensors: [NamedTensor<Element>], metadata: [String: String] = [:], to url: URL
  ) throws(TensorFileError) {
    try write(tensors, metadata: metadata, into: AtomicFile(url))
  }

  /// Writes a few tensors as F32 or F64 into a file that was opened before, and makes it appear.
  ///
  /// - Throws: ``TensorFileError/cannotWrite(path:reason:)``.
  public static func write<Element: MatrixScalar>(
    _ tensors: [NamedTensor<Element>], metadata: [String: String] = [:], into file: AtomicFile
  ) throws(TensorFileError) {
    let type: ElementType = Element.self == Float.self ? .f32 : .f64
    let writer = try SafetensorsWriter(
      into: file, tensors: tensors.map { TensorLayout($0.name, type, shape: $0.shape) }, metadata: metadata)
    for info in writer.tensors {
      guard let tensor = tensors.first(where: { ExactName($0.name) == ExactName(info.name) }) else { continue }
      try tensor.entries.withUnsafeBase { (base) throws(TensorFileError) in
        try writer.append(UnsafeBufferPointer(start: base, count: tensor.entries.count), to: info.name)
      }
    }
    try writer.finish()
  }
}
