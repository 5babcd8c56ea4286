import Foundation
import LinearStructures

/// A direction on disk: `.npy` with the vector, or `.safetensors` with `direction`, `midpoint` and fingerprints of the
/// rows it was made from.
enum DirectionFile {
  private static let fingerprintKey = "row_fingerprints"

  /// Reads a direction; a `.safetensors` file without `#TENSOR` must hold `direction`.
  static func read(_ argument: String) throws -> Direction<Double> {
    guard argument.hasSuffix(".safetensors") else {
      return try naming(argument) { try Direction(vector(MatrixArgument(argument).inDouble, argument)) }
    }
    let file = try SafetensorsFile(URL(filePath: argument))
    let midpoint: Vector<Double>? = file["midpoint"] == nil ? nil : try file.vector("midpoint")
    let rows = (file.metadata[fingerprintKey] ?? "").split(separator: " ").compactMap { UInt64($0, radix: 16) }
    return try naming(argument) {
      try Direction(file.vector("direction"), midpoint: midpoint, rowFingerprints: Set(rows))
    }
  }

  /// Writes a direction by the extension of the file.
  static func write(_ direction: Direction<Double>, to url: URL, asSingle: Bool) throws {
    if asSingle {
      try write(direction, to: url, as: Float.self)
    } else {
      try write(direction, to: url, as: Double.self)
    }
  }

  private static func write<E: MatrixScalar>(_ direction: Direction<Double>, to url: URL, as type: E.Type) throws {
    let vector = direction.vector.converted(to: E.self)
    guard url.pathExtension == "safetensors" else { return try NumpyFile.write(vector, to: url) }
    var tensors = [NamedTensor("direction", vector)]
    var metadata: [String: String] = [:]
    if let midpoint = direction.midpoint { tensors.append(NamedTensor("midpoint", midpoint.converted(to: E.self))) }
    if let method = direction.method { metadata["method"] = method.rawValue }
    if let samples = direction.samples {
      metadata["samples"] = "\(samples.positive) positive, \(samples.negative) negative"
    }
    // Sorted, so that the same rows give the same bytes.
    metadata[fingerprintKey] = direction.rowFingerprints.sorted().map { String($0, radix: 16) }.joined(separator: " ")
    try SafetensorsFile.write(tensors, metadata: metadata, to: url)
  }

  /// A matrix of one row or one column as a vector.
  static func vector(_ matrix: Matrix<Double>, _ argument: String) throws -> Vector<Double> {
    guard matrix.rows == 1 || matrix.columns == 1 else {
      throw CommandError.data("\(argument): a \(matrix.shapeDescription) matrix where a vector is needed")
    }
    return matrix.flattened
  }
}
