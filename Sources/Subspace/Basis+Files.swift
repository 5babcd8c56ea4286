import Foundation
import Tensor
public import TensorIO

extension Basis {
  /// Reads a basis that ``write(to:)`` wrote, or d×k orthonormal columns from elsewhere: the tensor `basis` of a file,
  /// or its only tensor.
  ///
  /// - Throws: `TensorFileError`; `TensorFileError.malformed` where the columns are not orthonormal to the precision
  ///   that they are stored in, an entry of QᵀQ − I exceeding 100·ε·√d.
  /// - Complexity: one pass over the file, and 2dk² flops.
  public init(contentsOf location: some FileLocation) throws(TensorFileError) {
    let source = try TensorFiles.open(location)
    let tensor = try source.tensor(source.names.contains(storedName) ? storedName : source.name(nil))
    let columns: Matrix<Element> = try tensor.matrix()
    let (d, k) = (columns.rows, columns.columns)
    func broken(_ rule: String) -> TensorFileError {
      .malformed(path: source.url.relativePath, tensor: tensor.name, rule: rule)
    }
    guard k <= d else { throw broken("\(k) columns of \(d) entries cannot be orthonormal") }
    let defect = (columns.converted(to: Double.self).gram(.columns) - .identity(k)).norm(.maximum)
    let epsilon = max(tensor.type.epsilon, Double(Element.ulpOfOne))
    guard k == 0 || defect <= 100 * epsilon * Double(d).squareRoot() else {
      throw broken(
        "its columns are not orthonormal (QᵀQ differs from the identity by \(Float(defect))); read them as a Matrix "
          + "and make a Basis(spanning:) of it")
    }
    self.init(orthonormal: columns)
  }

  /// Writes the basis, whole or not at all: `.safetensors` with the d×k tensor `basis`, or `.npy`, as the name ends.
  ///
  /// ```swift
  /// try plane.write(to: "plane.safetensors")
  /// let same = try Basis<Double>(contentsOf: "plane.safetensors")
  /// ```
  ///
  /// - Throws: `TensorFileError.cannotWrite`.
  public func write(to location: some FileLocation) throws(TensorFileError) {
    try columns.write(to: location, tensor: storedName)
  }
}

/// The name of the columns in a file.
private let storedName = "basis"
